# What a typed piece means once its quotes are taken off: in REPLY; in quote, which one is open at its end.
_herald_plain() {
    local text="$1" c
    REPLY="" quote=""
    while [[ -n "$text" ]]; do
        c="${text:0:1}" text="${text:1}"
        case "$quote$c" in
            \' | \") quote="$c" ;;
            \\) REPLY+="${text:0:1}" text="${text:1}" ;;
            \'\' | \"\") quote="" ;;
            \"\\)
                case "${text:0:1}" in
                    [\$\`\"\\]) REPLY+="${text:0:1}" text="${text:1}" ;;
                    *) REPLY+="$c" ;;
                esac
                ;;
            *) REPLY+="$c" ;;
        esac
    done
}
# A value as it is typed behind the open quote, or behind none: in REPLY. The shell reads it back as the value itself.
_herald_quoted() {
    local c text="$1"
    case "$quote" in
        "") printf -v REPLY '%q' "$text" ;;
        \')
            REPLY=""
            while [[ -n "$text" ]]; do
                c="${text:0:1}" text="${text:1}"
                if [[ "$c" == \' ]]; then REPLY+="'\\''"; else REPLY+="$c"; fi
            done
            ;;
        *)
            REPLY=""
            while [[ -n "$text" ]]; do
                c="${text:0:1}" text="${text:1}"
                case "$c" in
                    [\$\`\"\\]) REPLY+="\\$c" ;;
                    # In double quotes an exclamation mark means a command of before, whatever stands in front of it.
                    !) REPLY+="\"'!'\"" ;;
                    *) REPLY+="$c" ;;
                esac
            done
            ;;
    esac
}
_herald_live() {
    local line="${COMP_LINE:0:COMP_POINT}" words=() before="" word i quote REPLY open=""
    # bash cuts words at = and :, which stand inside of herald's words: what no blank parts belongs together.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word="${COMP_WORDS[i]}"
        if ((i == 0)) || [[ "$line" == [[:space:]]* ]]; then
            line="${line#"${line%%[![:space:]]*}"}"
            ((i == COMP_CWORD)) && word="$line"
            words+=("$word")
        else
            ((i == COMP_CWORD)) && word="$line"
            before="${words[${#words[@]} - 1]}"
            [[ "$word" =~ ^[=:]+$ ]] && before+="$word"
            words[${#words[@]} - 1]="${words[${#words[@]} - 1]}$word"
        fi
        ((i < COMP_CWORD)) && before=""
        line="${line#"$word"}"
    done
    for ((i = 0; i < ${#words[@]}; i++)); do
        _herald_plain "${words[i]}"
        words[i]="$REPLY" open="$quote"
    done
    _herald_plain "$before"
    before="$REPLY"
    COMPREPLY=()
    # A line is a value. Of a word that was cut, only the last piece is replaced.
    while IFS= read -r word; do
        [[ -n "$word" ]] || continue
        if [[ "$word" =~ [=/:.]$ ]]; then compopt -o nospace 2>/dev/null; fi
        quote="$open"
        _herald_quoted "${word#"$before"}"
        COMPREPLY+=("$REPLY")
    done <<< "$(
        _CLAP_IFS=$'\n' _CLAP_COMPLETE_INDEX="$((${#words[@]} - 1))" VARIABLE="bash" \
            COMPLETER -- "${words[@]}" 2>/dev/null
    )"
}
if [[ "${BASH_VERSINFO[0]}" -eq 4 && "${BASH_VERSINFO[1]}" -ge 4 || "${BASH_VERSINFO[0]}" -gt 4 ]]; then
    complete -o bashdefault -o nosort -F _herald_live PROGRAM
else
    complete -o bashdefault -F _herald_live PROGRAM
fi
