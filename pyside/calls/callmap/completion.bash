# Completes the names of the map, and the roles, behind "python3 -m pyside"; any other command line as before.
_pyside() {
    local word=${COMP_WORDS[COMP_CWORD]} words="${COMP_WORDS[*]:1:COMP_CWORD-1}"
    COMPREPLY=()
    case $words in
        "-m pyside") mapfile -t COMPREPLY < <(compgen -W "server client list map calls ledger" -- "$word") ;;
        "-m pyside map"*) mapfile -t COMPREPLY < <(compgen -W "--all --names $("${COMP_WORDS[0]}" -m pyside map --names)" -- "$word") ;;
    esac
}
complete -o default -F _pyside python python2.7 python3 pypy3
