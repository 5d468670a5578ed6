# Prints what zsh completes for a command line, one word on each line.
#
#   zsh -f capture.zsh FOLDER-WITH-_cnncalc SCRATCH-FOLDER 'cnncalc --f'
#
# Completion works only in an interactive shell, so that this runs one on a pseudo-terminal. There,
# "compadd" is replaced by a function that tells what would be added.
zmodload zsh/zpty || { print -u2 "no zpty"; exit 77 }
zpty z zsh -f -i
typeset line

define() {
    zpty -w z "source $2/setup.zsh"
}

cat > $2/setup.zsh <<SETUP
PROMPT=
fpath=($1 \$fpath)
autoload -U compinit
compinit -u -d $2/dump
bindkey '^M' undefined
bindkey '^J' undefined
bindkey '^I' complete-word
null-line() { print -r -- BEGIN-OR-END }
compprefuncs=(null-line)
comppostfuncs=(null-line exit)
zstyle ':completion:*' insert-tab false
zstyle ':completion:*' list-separator ''
compadd() {
    if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
        builtin compadd "\$@"
        return
    fi
    typeset -a hits
    builtin compadd -A hits "\$@"
    builtin compadd "\$@"
    print -rl -- \$hits
}
print READY
SETUP
define "$@"
while zpty -r z line; do [[ $line == *READY* ]] && break; done
zpty -w -n z "$3"$'\t'
integer inside=0
while zpty -r z line; do
    if [[ $line == *BEGIN-OR-END* ]]; then
        (( ++inside == 2 )) && break
    elif (( inside == 1 )); then
        print -r -- ${line%%[$'\r\n']*}
    fi
done
exit 0
