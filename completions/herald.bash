_herald_words() {
    local word words
    COMPREPLY=()
    read -r -a words <<< "$1"
    for word in "${words[@]}"; do
        if [[ "$word" == "$cur"* ]]; then
            COMPREPLY+=("$word")
            if [[ "$word" == *= ]]; then compopt -o nospace 2>/dev/null; fi
        fi
    done
}

_herald() {
    local i cur prev opts cmd
    COMPREPLY=()
    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
        cur="$2"
    else
        cur="${COMP_WORDS[COMP_CWORD]}"
    fi
    prev="$3"
    for i in 0 1; do
        if ((COMP_CWORD > i)) && [[ "${COMP_WORDS[COMP_CWORD - i]}" == "=" ]]; then
            prev="${COMP_WORDS[COMP_CWORD - i - 1]}"
            if ((i == 0)); then cur=""; fi
            if [[ "$prev" != -* ]]; then return 0; fi
            break
        fi
    done
    cmd=""
    opts=""

    for i in "${COMP_WORDS[@]:0:COMP_CWORD}"
    do
        case "${cmd},${i}" in
            ",$1")
                cmd="herald"
                ;;
            herald,apply)
                cmd="herald__subcmd__apply"
                ;;
            herald,broadcast)
                cmd="herald__subcmd__broadcast"
                ;;
            herald,call)
                cmd="herald__subcmd__call"
                ;;
            herald,clear)
                cmd="herald__subcmd__clear"
                ;;
            herald,completions)
                cmd="herald__subcmd__completions"
                ;;
            herald,delete)
                cmd="herald__subcmd__delete"
                ;;
            herald,explain)
                cmd="herald__subcmd__explain"
                ;;
            herald,get)
                cmd="herald__subcmd__get"
                ;;
            herald,help)
                cmd="herald__subcmd__help"
                ;;
            herald,history)
                cmd="herald__subcmd__history"
                ;;
            herald,init)
                cmd="herald__subcmd__init"
                ;;
            herald,jobs)
                cmd="herald__subcmd__jobs"
                ;;
            herald,profile)
                cmd="herald__subcmd__profile"
                ;;
            herald,providers)
                cmd="herald__subcmd__providers"
                ;;
            herald,recall)
                cmd="herald__subcmd__recall"
                ;;
            herald,sandbox)
                cmd="herald__subcmd__sandbox"
                ;;
            herald,schema)
                cmd="herald__subcmd__schema"
                ;;
            herald,send)
                cmd="herald__subcmd__send"
                ;;
            herald,sign)
                cmd="herald__subcmd__sign"
                ;;
            herald,status)
                cmd="herald__subcmd__status"
                ;;
            herald,stop)
                cmd="herald__subcmd__stop"
                ;;
            herald,update)
                cmd="herald__subcmd__update"
                ;;
            herald,upload)
                cmd="herald__subcmd__upload"
                ;;
            herald,validate)
                cmd="herald__subcmd__validate"
                ;;
            herald__subcmd__help,apply)
                cmd="herald__subcmd__help__subcmd__apply"
                ;;
            herald__subcmd__help,broadcast)
                cmd="herald__subcmd__help__subcmd__broadcast"
                ;;
            herald__subcmd__help,call)
                cmd="herald__subcmd__help__subcmd__call"
                ;;
            herald__subcmd__help,clear)
                cmd="herald__subcmd__help__subcmd__clear"
                ;;
            herald__subcmd__help,completions)
                cmd="herald__subcmd__help__subcmd__completions"
                ;;
            herald__subcmd__help,delete)
                cmd="herald__subcmd__help__subcmd__delete"
                ;;
            herald__subcmd__help,explain)
                cmd="herald__subcmd__help__subcmd__explain"
                ;;
            herald__subcmd__help,get)
                cmd="herald__subcmd__help__subcmd__get"
                ;;
            herald__subcmd__help,help)
                cmd="herald__subcmd__help__subcmd__help"
                ;;
            herald__subcmd__help,history)
                cmd="herald__subcmd__help__subcmd__history"
                ;;
            herald__subcmd__help,init)
                cmd="herald__subcmd__help__subcmd__init"
                ;;
            herald__subcmd__help,jobs)
                cmd="herald__subcmd__help__subcmd__jobs"
                ;;
            herald__subcmd__help,profile)
                cmd="herald__subcmd__help__subcmd__profile"
                ;;
            herald__subcmd__help,providers)
                cmd="herald__subcmd__help__subcmd__providers"
                ;;
            herald__subcmd__help,recall)
                cmd="herald__subcmd__help__subcmd__recall"
                ;;
            herald__subcmd__help,sandbox)
                cmd="herald__subcmd__help__subcmd__sandbox"
                ;;
            herald__subcmd__help,schema)
                cmd="herald__subcmd__help__subcmd__schema"
                ;;
            herald__subcmd__help,send)
                cmd="herald__subcmd__help__subcmd__send"
                ;;
            herald__subcmd__help,sign)
                cmd="herald__subcmd__help__subcmd__sign"
                ;;
            herald__subcmd__help,status)
                cmd="herald__subcmd__help__subcmd__status"
                ;;
            herald__subcmd__help,stop)
                cmd="herald__subcmd__help__subcmd__stop"
                ;;
            herald__subcmd__help,update)
                cmd="herald__subcmd__help__subcmd__update"
                ;;
            herald__subcmd__help,upload)
                cmd="herald__subcmd__help__subcmd__upload"
                ;;
            herald__subcmd__help,validate)
                cmd="herald__subcmd__help__subcmd__validate"
                ;;
            herald__subcmd__history,help)
                cmd="herald__subcmd__history__subcmd__help"
                ;;
            herald__subcmd__history,list)
                cmd="herald__subcmd__history__subcmd__list"
                ;;
            herald__subcmd__history,prune)
                cmd="herald__subcmd__history__subcmd__prune"
                ;;
            herald__subcmd__history,resolve)
                cmd="herald__subcmd__history__subcmd__resolve"
                ;;
            herald__subcmd__history,show)
                cmd="herald__subcmd__history__subcmd__show"
                ;;
            herald__subcmd__history__subcmd__help,help)
                cmd="herald__subcmd__history__subcmd__help__subcmd__help"
                ;;
            herald__subcmd__history__subcmd__help,list)
                cmd="herald__subcmd__history__subcmd__help__subcmd__list"
                ;;
            herald__subcmd__history__subcmd__help,prune)
                cmd="herald__subcmd__history__subcmd__help__subcmd__prune"
                ;;
            herald__subcmd__history__subcmd__help,resolve)
                cmd="herald__subcmd__history__subcmd__help__subcmd__resolve"
                ;;
            herald__subcmd__history__subcmd__help,show)
                cmd="herald__subcmd__history__subcmd__help__subcmd__show"
                ;;
            herald__subcmd__profile,check)
                cmd="herald__subcmd__profile__subcmd__check"
                ;;
            herald__subcmd__profile,help)
                cmd="herald__subcmd__profile__subcmd__help"
                ;;
            herald__subcmd__profile,init)
                cmd="herald__subcmd__profile__subcmd__init"
                ;;
            herald__subcmd__profile,list)
                cmd="herald__subcmd__profile__subcmd__list"
                ;;
            herald__subcmd__profile,show)
                cmd="herald__subcmd__profile__subcmd__show"
                ;;
            herald__subcmd__profile__subcmd__help,check)
                cmd="herald__subcmd__profile__subcmd__help__subcmd__check"
                ;;
            herald__subcmd__profile__subcmd__help,help)
                cmd="herald__subcmd__profile__subcmd__help__subcmd__help"
                ;;
            herald__subcmd__profile__subcmd__help,init)
                cmd="herald__subcmd__profile__subcmd__help__subcmd__init"
                ;;
            herald__subcmd__profile__subcmd__help,list)
                cmd="herald__subcmd__profile__subcmd__help__subcmd__list"
                ;;
            herald__subcmd__profile__subcmd__help,show)
                cmd="herald__subcmd__profile__subcmd__help__subcmd__show"
                ;;
            *)
                ;;
        esac
    done

    case "${cmd}" in
        herald)
            opts="-v -q -h -V --profile --profiles --provider --output --color --verbose --quiet --help --version send broadcast upload call history recall update delete clear get status jobs stop apply validate init explain providers schema sign profile sandbox completions help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 1 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                --profiles)
                    COMPREPLY=()
                    return 0
                    ;;
                --provider)
                    COMPREPLY=()
                    return 0
                    ;;
                --output)
                    _herald_words "table concise json ndjson sarif junit github gitlab markdown"
                    return 0
                    ;;
                --color)
                    _herald_words "auto always never"
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__apply)
            opts="-v -q -h --concurrency --results --abort-above --dry-run --curl --show-secrets --nonce --timestamp --deadline --cacert --ledger --yes --confirm --allow --override --sandbox --profile --profiles --provider --color --verbose --quiet --output --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                --concurrency)
                    COMPREPLY=()
                    return 0
                    ;;
                --results)
                    COMPREPLY=()
                    return 0
                    ;;
                --abort-above)
                    COMPREPLY=()
                    return 0
                    ;;
                --dry-run)
                    _herald_words "local server"
                    return 0
                    ;;
                --nonce)
                    COMPREPLY=()
                    return 0
                    ;;
                --timestamp)
                    COMPREPLY=()
                    return 0
                    ;;
                --deadline)
                    COMPREPLY=()
                    return 0
                    ;;
                --cacert)
                    COMPREPLY=()
                    return 0
                    ;;
                --ledger)
                    COMPREPLY=()
                    return 0
                    ;;
                --confirm)
                    COMPREPLY=()
                    return 0
                    ;;
                --allow)
                    COMPREPLY=()
                    return 0
                    ;;
                --override)
                    COMPREPLY=()
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                --profiles)
                    COMPREPLY=()
                    return 0
                    ;;
                --provider)
                    COMPREPLY=()
                    return 0
                    ;;
                --color)
                    _herald_words "auto always never"
                    return 0
                    ;;
                --output)
                    _herald_words "table json ndjson"
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__broadcast)
            opts="-v -q -h --all --tag --package --targets --column --form --encoding --skip-invalid --resume --to --from --text --text-file --image --voice --video --file --location --command --title --extra --type --allow-empty --set --body --allow-path --job --concurrency --results --abort-above --canary --soak --plan --valid-for --dry-run --curl --show-secrets --nonce --timestamp --deadline --cacert --ledger --yes --confirm --allow --override --sandbox --profile --profiles --provider --color --verbose --quiet --output --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                --tag)
                    COMPREPLY=()
                    return 0
                    ;;
                --package)
                    COMPREPLY=()
                    return 0
                    ;;
                --targets)
                    COMPREPLY=()
                    return 0
                    ;;
                --column)
                    COMPREPLY=()
                    return 0
                    ;;
                --form)
                    _herald_words "lines csv ndjson json"
                    return 0
                    ;;
                --encoding)
                    COMPREPLY=()
                    return 0
                    ;;
                --resume)
                    COMPREPLY=()
                    return 0
                    ;;
                --to)
                    COMPREPLY=()
                    return 0
                    ;;
                --from)
                    COMPREPLY=()
                    return 0
                    ;;
                --text)
                    COMPREPLY=()
                    return 0
                    ;;
                --text-file)
                    COMPREPLY=()
                    return 0
                    ;;
                --image)
                    COMPREPLY=()
                    return 0
                    ;;
                --voice)
                    COMPREPLY=()
                    return 0
                    ;;
                --video)
                    COMPREPLY=()
                    return 0
                    ;;
                --file)
                    COMPREPLY=()
                    return 0
                    ;;
                --location)
                    COMPREPLY=()
                    return 0
                    ;;
                --command)
                    COMPREPLY=()
                    return 0
                    ;;
                --title)
                    COMPREPLY=()
                    return 0
                    ;;
                --extra)
                    COMPREPLY=()
                    return 0
                    ;;
                --type)
                    COMPREPLY=()
                    return 0
                    ;;
                --set)
                    COMPREPLY=()
                    return 0
                    ;;
                --body)
                    COMPREPLY=()
                    return 0
                    ;;
                --allow-path)
                    COMPREPLY=()
                    return 0
                    ;;
                --job)
                    COMPREPLY=()
                    return 0
                    ;;
                --concurrency)
                    COMPREPLY=()
                    return 0
                    ;;
                --results)
                    COMPREPLY=()
                    return 0
                    ;;
                --abort-above)
                    COMPREPLY=()
                    return 0
                    ;;
                --canary)
                    COMPREPLY=()
                    return 0
                    ;;
                --soak)
                    COMPREPLY=()
                    return 0
                    ;;
                --plan)
                    COMPREPLY=()
                    return 0
                    ;;
                --valid-for)
                    COMPREPLY=()
                    return 0
                    ;;
                --dry-run)
                    _herald_words "local server"
                    return 0
                    ;;
                --nonce)
                    COMPREPLY=()
                    return 0
                    ;;
                --timestamp)
                    COMPREPLY=()
                    return 0
                    ;;
                --deadline)
                    COMPREPLY=()
                    return 0
                    ;;
                --cacert)
                    COMPREPLY=()
                    return 0
                    ;;
                --ledger)
                    COMPREPLY=()
                    return 0
                    ;;
                --confirm)
                    COMPREPLY=()
                    return 0
                    ;;
                --allow)
                    COMPREPLY=()
                    return 0
                    ;;
                --override)
                    COMPREPLY=()
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                --profiles)
                    COMPREPLY=()
                    return 0
                    ;;
                --provider)
                    COMPREPLY=()
                    return 0
                    ;;
                --color)
                    _herald_words "auto always never"
                    return 0
                    ;;
                --output)
                    _herald_words "table json ndjson"
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__call)
            opts="-v -q -h --set --body --allow-path --dry-run --curl --show-secrets --nonce --timestamp --deadline --cacert --ledger --yes --confirm --allow --override --sandbox --profile --profiles --provider --color --verbose --quiet --output --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                --set)
                    COMPREPLY=()
                    return 0
                    ;;
                --body)
                    COMPREPLY=()
                    return 0
                    ;;
                --allow-path)
                    COMPREPLY=()
                    return 0
                    ;;
                --dry-run)
                    _herald_words "local server"
                    return 0
                    ;;
                --nonce)
                    COMPREPLY=()
                    return 0
                    ;;
                --timestamp)
                    COMPREPLY=()
                    return 0
                    ;;
                --deadline)
                    COMPREPLY=()
                    return 0
                    ;;
                --cacert)
                    COMPREPLY=()
                    return 0
                    ;;
                --ledger)
                    COMPREPLY=()
                    return 0
                    ;;
                --confirm)
                    COMPREPLY=()
                    return 0
                    ;;
                --allow)
                    COMPREPLY=()
                    return 0
                    ;;
                --override)
                    COMPREPLY=()
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                --profiles)
                    COMPREPLY=()
                    return 0
                    ;;
                --provider)
                    COMPREPLY=()
                    return 0
                    ;;
                --color)
                    _herald_words "auto always never"
                    return 0
                    ;;
                --output)
                    _herald_words "table json ndjson"
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__clear)
            opts="-v -q -h --last --to --from --set --dry-run --curl --show-secrets --nonce --timestamp --deadline --cacert --ledger --yes --confirm --allow --override --sandbox --resume --concurrency --results --abort-above --profile --profiles --provider --color --verbose --quiet --output --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                --to)
                    COMPREPLY=()
                    return 0
                    ;;
                --from)
                    COMPREPLY=()
                    return 0
                    ;;
                --set)
                    COMPREPLY=()
                    return 0
                    ;;
                --dry-run)
                    _herald_words "local server"
                    return 0
                    ;;
                --nonce)
                    COMPREPLY=()
                    return 0
                    ;;
                --timestamp)
                    COMPREPLY=()
                    return 0
                    ;;
                --deadline)
                    COMPREPLY=()
                    return 0
                    ;;
                --cacert)
                    COMPREPLY=()
                    return 0
                    ;;
                --ledger)
                    COMPREPLY=()
                    return 0
                    ;;
                --confirm)
                    COMPREPLY=()
                    return 0
                    ;;
                --allow)
                    COMPREPLY=()
                    return 0
                    ;;
                --override)
                    COMPREPLY=()
                    return 0
                    ;;
                --resume)
                    COMPREPLY=()
                    return 0
                    ;;
                --concurrency)
                    COMPREPLY=()
                    return 0
                    ;;
                --results)
                    COMPREPLY=()
                    return 0
                    ;;
                --abort-above)
                    COMPREPLY=()
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                --profiles)
                    COMPREPLY=()
                    return 0
                    ;;
                --provider)
                    COMPREPLY=()
                    return 0
                    ;;
                --color)
                    _herald_words "auto always never"
                    return 0
                    ;;
                --output)
                    _herald_words "table json ndjson"
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__completions)
            opts="-v -q -h --dir --profile --profiles --provider --color --verbose --quiet --output --help bash elvish fish powershell zsh man"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                --dir)
                    COMPREPLY=()
                    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
                        compopt -o plusdirs
                    fi
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                --profiles)
                    COMPREPLY=()
                    return 0
                    ;;
                --provider)
                    COMPREPLY=()
                    return 0
                    ;;
                --color)
                    _herald_words "auto always never"
                    return 0
                    ;;
                --output)
                    _herald_words "table json ndjson"
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__delete)
            opts="-v -q -h --last --to --from --set --dry-run --curl --show-secrets --nonce --timestamp --deadline --cacert --ledger --yes --confirm --allow --override --sandbox --resume --concurrency --results --abort-above --profile --profiles --provider --color --verbose --quiet --output --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                --to)
                    COMPREPLY=()
                    return 0
                    ;;
                --from)
                    COMPREPLY=()
                    return 0
                    ;;
                --set)
                    COMPREPLY=()
                    return 0
                    ;;
                --dry-run)
                    _herald_words "local server"
                    return 0
                    ;;
                --nonce)
                    COMPREPLY=()
                    return 0
                    ;;
                --timestamp)
                    COMPREPLY=()
                    return 0
                    ;;
                --deadline)
                    COMPREPLY=()
                    return 0
                    ;;
                --cacert)
                    COMPREPLY=()
                    return 0
                    ;;
                --ledger)
                    COMPREPLY=()
                    return 0
                    ;;
                --confirm)
                    COMPREPLY=()
                    return 0
                    ;;
                --allow)
                    COMPREPLY=()
                    return 0
                    ;;
                --override)
                    COMPREPLY=()
                    return 0
                    ;;
                --resume)
                    COMPREPLY=()
                    return 0
                    ;;
                --concurrency)
                    COMPREPLY=()
                    return 0
                    ;;
                --results)
                    COMPREPLY=()
                    return 0
                    ;;
                --abort-above)
                    COMPREPLY=()
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                --profiles)
                    COMPREPLY=()
                    return 0
                    ;;
                --provider)
                    COMPREPLY=()
                    return 0
                    ;;
                --color)
                    _herald_words "auto always never"
                    return 0
                    ;;
                --output)
                    _herald_words "table json ndjson"
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__explain)
            opts="-v -q -h --profile --profiles --provider --color --verbose --quiet --output --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                --profiles)
                    COMPREPLY=()
                    return 0
                    ;;
                --provider)
                    COMPREPLY=()
                    return 0
                    ;;
                --color)
                    _herald_words "auto always never"
                    return 0
                    ;;
                --output)
                    _herald_words "table json ndjson"
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__get)
            opts="-v -q -h --last --to --from --set --dry-run --curl --show-secrets --nonce --timestamp --deadline --cacert --ledger --yes --confirm --allow --override --sandbox --profile --profiles --provider --color --verbose --quiet --output --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                --to)
                    COMPREPLY=()
                    return 0
                    ;;
                --from)
                    COMPREPLY=()
                    return 0
                    ;;
                --set)
                    COMPREPLY=()
                    return 0
                    ;;
                --dry-run)
                    _herald_words "local server"
                    return 0
                    ;;
                --nonce)
                    COMPREPLY=()
                    return 0
                    ;;
                --timestamp)
                    COMPREPLY=()
                    return 0
                    ;;
                --deadline)
                    COMPREPLY=()
                    return 0
                    ;;
                --cacert)
                    COMPREPLY=()
                    return 0
                    ;;
                --ledger)
                    COMPREPLY=()
                    return 0
                    ;;
                --confirm)
                    COMPREPLY=()
                    return 0
                    ;;
                --allow)
                    COMPREPLY=()
                    return 0
                    ;;
                --override)
                    COMPREPLY=()
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                --profiles)
                    COMPREPLY=()
                    return 0
                    ;;
                --provider)
                    COMPREPLY=()
                    return 0
                    ;;
                --color)
                    _herald_words "auto always never"
                    return 0
                    ;;
                --output)
                    _herald_words "table json ndjson"
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__help)
            opts="send broadcast upload call history recall update delete clear get status jobs stop apply validate init explain providers schema sign profile sandbox completions help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__help__subcmd__apply)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__help__subcmd__broadcast)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__help__subcmd__call)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__help__subcmd__clear)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__help__subcmd__completions)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__help__subcmd__delete)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__help__subcmd__explain)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__help__subcmd__get)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__help__subcmd__help)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__help__subcmd__history)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__help__subcmd__init)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__help__subcmd__jobs)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__help__subcmd__profile)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__help__subcmd__providers)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__help__subcmd__recall)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__help__subcmd__sandbox)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__help__subcmd__schema)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__help__subcmd__send)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__help__subcmd__sign)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__help__subcmd__status)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__help__subcmd__stop)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__help__subcmd__update)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__help__subcmd__upload)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__help__subcmd__validate)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__history)
            opts="-v -q -h --outcome --since --job --failed --as --to --text --limit --ledger --sandbox --profile --profiles --provider --color --verbose --quiet --output --help list show resolve prune help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                --outcome)
                    COMPREPLY=()
                    return 0
                    ;;
                --since)
                    COMPREPLY=()
                    return 0
                    ;;
                --job)
                    COMPREPLY=()
                    return 0
                    ;;
                --as)
                    _herald_words "targets names"
                    return 0
                    ;;
                --to)
                    COMPREPLY=()
                    return 0
                    ;;
                --text)
                    COMPREPLY=()
                    return 0
                    ;;
                --limit)
                    COMPREPLY=()
                    return 0
                    ;;
                --ledger)
                    COMPREPLY=()
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                --profiles)
                    COMPREPLY=()
                    return 0
                    ;;
                --provider)
                    COMPREPLY=()
                    return 0
                    ;;
                --color)
                    _herald_words "auto always never"
                    return 0
                    ;;
                --output)
                    _herald_words "table json ndjson"
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__history__subcmd__help)
            opts="list show resolve prune help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__history__subcmd__help__subcmd__help)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__history__subcmd__help__subcmd__list)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__history__subcmd__help__subcmd__prune)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__history__subcmd__help__subcmd__resolve)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__history__subcmd__help__subcmd__show)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__history__subcmd__list)
            opts="-v -q -h --outcome --since --job --failed --as --to --text --limit --ledger --sandbox --profile --profiles --provider --color --verbose --quiet --output --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                --outcome)
                    COMPREPLY=()
                    return 0
                    ;;
                --since)
                    COMPREPLY=()
                    return 0
                    ;;
                --job)
                    COMPREPLY=()
                    return 0
                    ;;
                --as)
                    _herald_words "targets names"
                    return 0
                    ;;
                --to)
                    COMPREPLY=()
                    return 0
                    ;;
                --text)
                    COMPREPLY=()
                    return 0
                    ;;
                --limit)
                    COMPREPLY=()
                    return 0
                    ;;
                --ledger)
                    COMPREPLY=()
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                --profiles)
                    COMPREPLY=()
                    return 0
                    ;;
                --provider)
                    COMPREPLY=()
                    return 0
                    ;;
                --color)
                    _herald_words "auto always never"
                    return 0
                    ;;
                --output)
                    _herald_words "table json ndjson"
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__history__subcmd__prune)
            opts="-v -q -h --older-than --unknown --dry-run --ledger --sandbox --profile --profiles --provider --color --verbose --quiet --output --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                --older-than)
                    COMPREPLY=()
                    return 0
                    ;;
                --ledger)
                    COMPREPLY=()
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                --profiles)
                    COMPREPLY=()
                    return 0
                    ;;
                --provider)
                    COMPREPLY=()
                    return 0
                    ;;
                --color)
                    _herald_words "auto always never"
                    return 0
                    ;;
                --output)
                    _herald_words "table json ndjson"
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__history__subcmd__resolve)
            opts="-v -q -h --targets --column --form --encoding --accepted --not-accepted --check --vendor-id --undo --note --yes --ledger --sandbox --profile --profiles --provider --color --verbose --quiet --output --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                --targets)
                    COMPREPLY=()
                    return 0
                    ;;
                --column)
                    COMPREPLY=()
                    return 0
                    ;;
                --form)
                    _herald_words "lines csv ndjson json"
                    return 0
                    ;;
                --encoding)
                    COMPREPLY=()
                    return 0
                    ;;
                --vendor-id)
                    COMPREPLY=()
                    return 0
                    ;;
                --note)
                    COMPREPLY=()
                    return 0
                    ;;
                --ledger)
                    COMPREPLY=()
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                --profiles)
                    COMPREPLY=()
                    return 0
                    ;;
                --provider)
                    COMPREPLY=()
                    return 0
                    ;;
                --color)
                    _herald_words "auto always never"
                    return 0
                    ;;
                --output)
                    _herald_words "table json ndjson"
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__history__subcmd__show)
            opts="-v -q -h --ledger --sandbox --profile --profiles --provider --color --verbose --quiet --output --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                --ledger)
                    COMPREPLY=()
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                --profiles)
                    COMPREPLY=()
                    return 0
                    ;;
                --provider)
                    COMPREPLY=()
                    return 0
                    ;;
                --color)
                    _herald_words "auto always never"
                    return 0
                    ;;
                --output)
                    _herald_words "table json ndjson"
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__init)
            opts="-v -q -h --profile --profiles --provider --color --verbose --quiet --output --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                --profiles)
                    COMPREPLY=()
                    return 0
                    ;;
                --provider)
                    COMPREPLY=()
                    return 0
                    ;;
                --color)
                    _herald_words "auto always never"
                    return 0
                    ;;
                --output)
                    _herald_words "table json ndjson"
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__jobs)
            opts="-v -q -h --watch --limit --ledger --sandbox --profile --profiles --provider --color --verbose --quiet --output --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                --limit)
                    COMPREPLY=()
                    return 0
                    ;;
                --ledger)
                    COMPREPLY=()
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                --profiles)
                    COMPREPLY=()
                    return 0
                    ;;
                --provider)
                    COMPREPLY=()
                    return 0
                    ;;
                --color)
                    _herald_words "auto always never"
                    return 0
                    ;;
                --output)
                    _herald_words "table json ndjson"
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__profile)
            opts="-v -q -h --profile --profiles --provider --color --verbose --quiet --output --help init list show check help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                --profiles)
                    COMPREPLY=()
                    return 0
                    ;;
                --provider)
                    COMPREPLY=()
                    return 0
                    ;;
                --color)
                    _herald_words "auto always never"
                    return 0
                    ;;
                --output)
                    _herald_words "table json ndjson"
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__profile__subcmd__check)
            opts="-v -q -h --online --deadline --profile --profiles --provider --color --verbose --quiet --output --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                --deadline)
                    COMPREPLY=()
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                --profiles)
                    COMPREPLY=()
                    return 0
                    ;;
                --provider)
                    COMPREPLY=()
                    return 0
                    ;;
                --color)
                    _herald_words "auto always never"
                    return 0
                    ;;
                --output)
                    _herald_words "table json ndjson"
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__profile__subcmd__help)
            opts="init list show check help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__profile__subcmd__help__subcmd__check)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__profile__subcmd__help__subcmd__help)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__profile__subcmd__help__subcmd__init)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__profile__subcmd__help__subcmd__list)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__profile__subcmd__help__subcmd__show)
            opts=""
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 4 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__profile__subcmd__init)
            opts="-v -q -h --set --secret-env --default --profile --profiles --provider --color --verbose --quiet --output --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                --set)
                    COMPREPLY=()
                    return 0
                    ;;
                --secret-env)
                    COMPREPLY=()
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                --profiles)
                    COMPREPLY=()
                    return 0
                    ;;
                --provider)
                    COMPREPLY=()
                    return 0
                    ;;
                --color)
                    _herald_words "auto always never"
                    return 0
                    ;;
                --output)
                    _herald_words "table json ndjson"
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__profile__subcmd__list)
            opts="-v -q -h --profile --profiles --provider --color --verbose --quiet --output --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                --profiles)
                    COMPREPLY=()
                    return 0
                    ;;
                --provider)
                    COMPREPLY=()
                    return 0
                    ;;
                --color)
                    _herald_words "auto always never"
                    return 0
                    ;;
                --output)
                    _herald_words "table json ndjson"
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__profile__subcmd__show)
            opts="-v -q -h --profile --profiles --provider --color --verbose --quiet --output --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                --profiles)
                    COMPREPLY=()
                    return 0
                    ;;
                --provider)
                    COMPREPLY=()
                    return 0
                    ;;
                --color)
                    _herald_words "auto always never"
                    return 0
                    ;;
                --output)
                    _herald_words "table json ndjson"
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__providers)
            opts="-v -q -h --matrix --profile --profiles --provider --color --verbose --quiet --output --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                --profiles)
                    COMPREPLY=()
                    return 0
                    ;;
                --provider)
                    COMPREPLY=()
                    return 0
                    ;;
                --color)
                    _herald_words "auto always never"
                    return 0
                    ;;
                --output)
                    _herald_words "table json ndjson"
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__recall)
            opts="-v -q -h --last --to --from --set --dry-run --curl --show-secrets --nonce --timestamp --deadline --cacert --ledger --yes --confirm --allow --override --sandbox --job --targets --column --form --encoding --skip-invalid --resume --concurrency --results --abort-above --profile --profiles --provider --color --verbose --quiet --output --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                --to)
                    COMPREPLY=()
                    return 0
                    ;;
                --from)
                    COMPREPLY=()
                    return 0
                    ;;
                --set)
                    COMPREPLY=()
                    return 0
                    ;;
                --dry-run)
                    _herald_words "local server"
                    return 0
                    ;;
                --nonce)
                    COMPREPLY=()
                    return 0
                    ;;
                --timestamp)
                    COMPREPLY=()
                    return 0
                    ;;
                --deadline)
                    COMPREPLY=()
                    return 0
                    ;;
                --cacert)
                    COMPREPLY=()
                    return 0
                    ;;
                --ledger)
                    COMPREPLY=()
                    return 0
                    ;;
                --confirm)
                    COMPREPLY=()
                    return 0
                    ;;
                --allow)
                    COMPREPLY=()
                    return 0
                    ;;
                --override)
                    COMPREPLY=()
                    return 0
                    ;;
                --job)
                    COMPREPLY=()
                    return 0
                    ;;
                --targets)
                    COMPREPLY=()
                    return 0
                    ;;
                --column)
                    COMPREPLY=()
                    return 0
                    ;;
                --form)
                    _herald_words "lines csv ndjson json"
                    return 0
                    ;;
                --encoding)
                    COMPREPLY=()
                    return 0
                    ;;
                --resume)
                    COMPREPLY=()
                    return 0
                    ;;
                --concurrency)
                    COMPREPLY=()
                    return 0
                    ;;
                --results)
                    COMPREPLY=()
                    return 0
                    ;;
                --abort-above)
                    COMPREPLY=()
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                --profiles)
                    COMPREPLY=()
                    return 0
                    ;;
                --provider)
                    COMPREPLY=()
                    return 0
                    ;;
                --color)
                    _herald_words "auto always never"
                    return 0
                    ;;
                --output)
                    _herald_words "table json ndjson"
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__sandbox)
            opts="-v -q -h --listen --expose --state --memory --switch --print-profiles --print-env --log --profile --profiles --provider --color --verbose --quiet --output --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                --listen)
                    COMPREPLY=()
                    return 0
                    ;;
                --state)
                    COMPREPLY=()
                    return 0
                    ;;
                --switch)
                    COMPREPLY=()
                    return 0
                    ;;
                --log)
                    COMPREPLY=()
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                --profiles)
                    COMPREPLY=()
                    return 0
                    ;;
                --provider)
                    COMPREPLY=()
                    return 0
                    ;;
                --color)
                    _herald_words "auto always never"
                    return 0
                    ;;
                --output)
                    _herald_words "table json ndjson"
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__schema)
            opts="-v -q -h --all --profile --profiles --provider --color --verbose --quiet --output --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                --all)
                    COMPREPLY=()
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                --profiles)
                    COMPREPLY=()
                    return 0
                    ;;
                --provider)
                    COMPREPLY=()
                    return 0
                    ;;
                --color)
                    _herald_words "auto always never"
                    return 0
                    ;;
                --output)
                    _herald_words "table json ndjson"
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__send)
            opts="-v -q -h --to --from --text --text-file --image --voice --video --file --location --command --title --extra --type --allow-empty --set --body --allow-path --dry-run --curl --show-secrets --nonce --timestamp --deadline --cacert --ledger --yes --confirm --allow --override --sandbox --profile --profiles --provider --color --verbose --quiet --output --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                --to)
                    COMPREPLY=()
                    return 0
                    ;;
                --from)
                    COMPREPLY=()
                    return 0
                    ;;
                --text)
                    COMPREPLY=()
                    return 0
                    ;;
                --text-file)
                    COMPREPLY=()
                    return 0
                    ;;
                --image)
                    COMPREPLY=()
                    return 0
                    ;;
                --voice)
                    COMPREPLY=()
                    return 0
                    ;;
                --video)
                    COMPREPLY=()
                    return 0
                    ;;
                --file)
                    COMPREPLY=()
                    return 0
                    ;;
                --location)
                    COMPREPLY=()
                    return 0
                    ;;
                --command)
                    COMPREPLY=()
                    return 0
                    ;;
                --title)
                    COMPREPLY=()
                    return 0
                    ;;
                --extra)
                    COMPREPLY=()
                    return 0
                    ;;
                --type)
                    COMPREPLY=()
                    return 0
                    ;;
                --set)
                    COMPREPLY=()
                    return 0
                    ;;
                --body)
                    COMPREPLY=()
                    return 0
                    ;;
                --allow-path)
                    COMPREPLY=()
                    return 0
                    ;;
                --dry-run)
                    _herald_words "local server"
                    return 0
                    ;;
                --nonce)
                    COMPREPLY=()
                    return 0
                    ;;
                --timestamp)
                    COMPREPLY=()
                    return 0
                    ;;
                --deadline)
                    COMPREPLY=()
                    return 0
                    ;;
                --cacert)
                    COMPREPLY=()
                    return 0
                    ;;
                --ledger)
                    COMPREPLY=()
                    return 0
                    ;;
                --confirm)
                    COMPREPLY=()
                    return 0
                    ;;
                --allow)
                    COMPREPLY=()
                    return 0
                    ;;
                --override)
                    COMPREPLY=()
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                --profiles)
                    COMPREPLY=()
                    return 0
                    ;;
                --provider)
                    COMPREPLY=()
                    return 0
                    ;;
                --color)
                    _herald_words "auto always never"
                    return 0
                    ;;
                --output)
                    _herald_words "table json ndjson"
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__sign)
            opts="-v -q -h --body --allow-path --set --explain --show-secrets --verify --nonce --timestamp --profile --profiles --provider --color --verbose --quiet --output --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                --body)
                    COMPREPLY=()
                    return 0
                    ;;
                --allow-path)
                    COMPREPLY=()
                    return 0
                    ;;
                --set)
                    COMPREPLY=()
                    return 0
                    ;;
                --verify)
                    COMPREPLY=()
                    return 0
                    ;;
                --nonce)
                    COMPREPLY=()
                    return 0
                    ;;
                --timestamp)
                    COMPREPLY=()
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                --profiles)
                    COMPREPLY=()
                    return 0
                    ;;
                --provider)
                    COMPREPLY=()
                    return 0
                    ;;
                --color)
                    _herald_words "auto always never"
                    return 0
                    ;;
                --output)
                    _herald_words "table json ndjson"
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__status)
            opts="-v -q -h --last --to --from --set --dry-run --curl --show-secrets --nonce --timestamp --deadline --cacert --ledger --yes --confirm --allow --override --sandbox --profile --profiles --provider --color --verbose --quiet --output --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                --to)
                    COMPREPLY=()
                    return 0
                    ;;
                --from)
                    COMPREPLY=()
                    return 0
                    ;;
                --set)
                    COMPREPLY=()
                    return 0
                    ;;
                --dry-run)
                    _herald_words "local server"
                    return 0
                    ;;
                --nonce)
                    COMPREPLY=()
                    return 0
                    ;;
                --timestamp)
                    COMPREPLY=()
                    return 0
                    ;;
                --deadline)
                    COMPREPLY=()
                    return 0
                    ;;
                --cacert)
                    COMPREPLY=()
                    return 0
                    ;;
                --ledger)
                    COMPREPLY=()
                    return 0
                    ;;
                --confirm)
                    COMPREPLY=()
                    return 0
                    ;;
                --allow)
                    COMPREPLY=()
                    return 0
                    ;;
                --override)
                    COMPREPLY=()
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                --profiles)
                    COMPREPLY=()
                    return 0
                    ;;
                --provider)
                    COMPREPLY=()
                    return 0
                    ;;
                --color)
                    _herald_words "auto always never"
                    return 0
                    ;;
                --output)
                    _herald_words "table json ndjson"
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__stop)
            opts="-v -q -h --ledger --sandbox --profile --profiles --provider --color --verbose --quiet --output --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                --ledger)
                    COMPREPLY=()
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                --profiles)
                    COMPREPLY=()
                    return 0
                    ;;
                --provider)
                    COMPREPLY=()
                    return 0
                    ;;
                --color)
                    _herald_words "auto always never"
                    return 0
                    ;;
                --output)
                    _herald_words "table json ndjson"
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__update)
            opts="-v -q -h --last --resume --to --from --text --text-file --image --voice --video --file --location --command --title --extra --type --allow-empty --set --body --allow-path --concurrency --results --abort-above --dry-run --curl --show-secrets --nonce --timestamp --deadline --cacert --ledger --yes --confirm --allow --override --sandbox --profile --profiles --provider --color --verbose --quiet --output --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                --resume)
                    COMPREPLY=()
                    return 0
                    ;;
                --to)
                    COMPREPLY=()
                    return 0
                    ;;
                --from)
                    COMPREPLY=()
                    return 0
                    ;;
                --text)
                    COMPREPLY=()
                    return 0
                    ;;
                --text-file)
                    COMPREPLY=()
                    return 0
                    ;;
                --image)
                    COMPREPLY=()
                    return 0
                    ;;
                --voice)
                    COMPREPLY=()
                    return 0
                    ;;
                --video)
                    COMPREPLY=()
                    return 0
                    ;;
                --file)
                    COMPREPLY=()
                    return 0
                    ;;
                --location)
                    COMPREPLY=()
                    return 0
                    ;;
                --command)
                    COMPREPLY=()
                    return 0
                    ;;
                --title)
                    COMPREPLY=()
                    return 0
                    ;;
                --extra)
                    COMPREPLY=()
                    return 0
                    ;;
                --type)
                    COMPREPLY=()
                    return 0
                    ;;
                --set)
                    COMPREPLY=()
                    return 0
                    ;;
                --body)
                    COMPREPLY=()
                    return 0
                    ;;
                --allow-path)
                    COMPREPLY=()
                    return 0
                    ;;
                --concurrency)
                    COMPREPLY=()
                    return 0
                    ;;
                --results)
                    COMPREPLY=()
                    return 0
                    ;;
                --abort-above)
                    COMPREPLY=()
                    return 0
                    ;;
                --dry-run)
                    _herald_words "local server"
                    return 0
                    ;;
                --nonce)
                    COMPREPLY=()
                    return 0
                    ;;
                --timestamp)
                    COMPREPLY=()
                    return 0
                    ;;
                --deadline)
                    COMPREPLY=()
                    return 0
                    ;;
                --cacert)
                    COMPREPLY=()
                    return 0
                    ;;
                --ledger)
                    COMPREPLY=()
                    return 0
                    ;;
                --confirm)
                    COMPREPLY=()
                    return 0
                    ;;
                --allow)
                    COMPREPLY=()
                    return 0
                    ;;
                --override)
                    COMPREPLY=()
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                --profiles)
                    COMPREPLY=()
                    return 0
                    ;;
                --provider)
                    COMPREPLY=()
                    return 0
                    ;;
                --color)
                    _herald_words "auto always never"
                    return 0
                    ;;
                --output)
                    _herald_words "table json ndjson"
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__upload)
            opts="-v -q -h --as --set --dry-run --curl --show-secrets --nonce --timestamp --deadline --cacert --ledger --yes --confirm --allow --override --sandbox --profile --profiles --provider --color --verbose --quiet --output --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                --as)
                    _herald_words "image voice video file"
                    return 0
                    ;;
                --set)
                    COMPREPLY=()
                    return 0
                    ;;
                --dry-run)
                    _herald_words "local server"
                    return 0
                    ;;
                --nonce)
                    COMPREPLY=()
                    return 0
                    ;;
                --timestamp)
                    COMPREPLY=()
                    return 0
                    ;;
                --deadline)
                    COMPREPLY=()
                    return 0
                    ;;
                --cacert)
                    COMPREPLY=()
                    return 0
                    ;;
                --ledger)
                    COMPREPLY=()
                    return 0
                    ;;
                --confirm)
                    COMPREPLY=()
                    return 0
                    ;;
                --allow)
                    COMPREPLY=()
                    return 0
                    ;;
                --override)
                    COMPREPLY=()
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                --profiles)
                    COMPREPLY=()
                    return 0
                    ;;
                --provider)
                    COMPREPLY=()
                    return 0
                    ;;
                --color)
                    _herald_words "auto always never"
                    return 0
                    ;;
                --output)
                    _herald_words "table json ndjson"
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
        herald__subcmd__validate)
            opts="-v -q -h --as --exclude --allow --report --fail-on --baseline --write-baseline --max-findings --statistics --allow-path --profile --profiles --provider --color --verbose --quiet --output --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                _herald_words "${opts}"
                return 0
            fi
            case "${prev}" in
                --as)
                    COMPREPLY=()
                    return 0
                    ;;
                --exclude)
                    COMPREPLY=()
                    return 0
                    ;;
                --allow)
                    COMPREPLY=()
                    return 0
                    ;;
                --report)
                    _herald_words "human= concise= json= ndjson= sarif= junit= github= gitlab= markdown="
                    return 0
                    ;;
                --fail-on)
                    _herald_words "error warning"
                    return 0
                    ;;
                --baseline)
                    COMPREPLY=()
                    return 0
                    ;;
                --write-baseline)
                    COMPREPLY=()
                    return 0
                    ;;
                --max-findings)
                    COMPREPLY=()
                    return 0
                    ;;
                --allow-path)
                    COMPREPLY=()
                    return 0
                    ;;
                --profile)
                    COMPREPLY=()
                    return 0
                    ;;
                --profiles)
                    COMPREPLY=()
                    return 0
                    ;;
                --provider)
                    COMPREPLY=()
                    return 0
                    ;;
                --color)
                    _herald_words "auto always never"
                    return 0
                    ;;
                --output)
                    _herald_words "table concise json ndjson sarif junit github gitlab markdown"
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            _herald_words "${opts}"
            return 0
            ;;
    esac
}

if [[ "${BASH_VERSINFO[0]}" -eq 4 && "${BASH_VERSINFO[1]}" -ge 4 || "${BASH_VERSINFO[0]}" -gt 4 ]]; then
    complete -F _herald -o nosort -o bashdefault -o default herald
else
    complete -F _herald -o bashdefault -o default herald
fi
