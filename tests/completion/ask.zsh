# SPDX-License-Identifier: BSD-2-Clause
# Writes what zsh offers to complete a line, one word a line, to a file.
#
#   zsh -f ask.zsh DIRECTORY-OF-THE-COMPLETION LINE FILE
zmodload zsh/zpty
zpty asked zsh -f -i
zpty -w asked "fpath=($1 \$fpath); autoload -Uz compinit; compinit -u -C -d ~/dump
compadd() { local -a some; builtin compadd -O some \"\$@\"; offered+=(\$some); builtin compadd \"\$@\" }
offer() { local -a offered; _main_complete; print -rl -- \$offered >$3.new; mv $3.new $3 }
zle -C offer complete-word offer
bindkey '^I' offer"
rm -f $3
zpty -w -n asked "$2"$'\t'
# What it writes is read, or it would wait for that.
repeat 200; do
    [[ -e $3 ]] && break
    zpty -r -t asked junk
    sleep 0.1
done
zpty -d asked
[[ -e $3 ]]
