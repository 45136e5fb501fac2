#compdef PROGRAM
_herald_live() {
    # herald gets the words without their quotes and backslashes; one that is still open is closed first.
    local -a lines open closed typed
    typed=("${words[@]}")
    typed[CURRENT]+="${compstate[quote]}"
    local line match mbegin mend
    lines=("${(@f)$(
        _CLAP_IFS=$'\n' _CLAP_COMPLETE_INDEX="$((CURRENT - 1))" VARIABLE="zsh" \
            COMPLETER -- "${(@Q)typed}" 2>/dev/null
    )}")
    for line in $lines; do
        # A line is VALUE:HELP; a colon of the value stands behind a backslash. What ends so goes on.
        if [[ "$line" =~ '^(([^:\\]|\\.)*[=./]|([^:\\]|\\.)*\\:)(:|$)' ]]; then
            open+=("$line")
        else
            closed+=("$line")
        fi
    done
    (($#open)) && _describe -V 'values' open -S ''
    (($#closed)) && _describe -V 'values' closed
}
compdef _herald_live PROGRAM
