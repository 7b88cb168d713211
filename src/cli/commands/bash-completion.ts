/**
 * What the bash script needs of the package bash-completion, for a system without it: the words of the line, joined
 * again where bash parts them at = and :. With the package, its own function stays.
 */
export const BASH_COMPLETION_FALLBACK = `if ! declare -F _get_comp_words_by_ref >/dev/null; then
    _get_comp_words_by_ref() {
        local index part joined=
        words=()
        cword=0
        for index in "\${!COMP_WORDS[@]}"; do
            part=\${COMP_WORDS[index]}
            if [[ \${#words[@]} -gt 1 && ( $joined || $part == [=:] ) ]]; then
                words[\${#words[@]}-1]+=$part
            else
                words+=("$part")
            fi
            joined=
            [[ $part == [=:] ]] && joined=1
            [[ $index -eq $COMP_CWORD ]] && cword=$((\${#words[@]} - 1))
        done
        cur=\${words[cword]}
        prev=
        [[ $cword -gt 0 ]] && prev=\${words[cword-1]}
        return 0
    }
fi
`;
