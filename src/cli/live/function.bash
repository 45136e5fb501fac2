_herald_live() {
    local IFS=$'\013' line="${COMP_LINE:0:COMP_POINT}" words=() before="" word i
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
    COMPREPLY=($(
        _CLAP_IFS="$IFS" _CLAP_COMPLETE_INDEX="$((${#words[@]} - 1))" VARIABLE="bash" \
            COMPLETER -- "${words[@]}" 2>/dev/null
    )) || COMPREPLY=()
    # Of a word that was cut, only the last piece is replaced.
    COMPREPLY=("${COMPREPLY[@]#"$before"}")
    if [[ "${COMPREPLY-}" =~ [=/:.]$ ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
if [[ "${BASH_VERSINFO[0]}" -eq 4 && "${BASH_VERSINFO[1]}" -ge 4 || "${BASH_VERSINFO[0]}" -gt 4 ]]; then
    complete -o bashdefault -o nosort -F _herald_live PROGRAM
else
    complete -o bashdefault -F _herald_live PROGRAM
fi
