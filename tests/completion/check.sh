#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# A shell's completion of vale-ctl offers commands, options, and the switches, ports and devices of a system that a stand-in for
# vale-ctl describes.
#
#   check.sh bash|zsh|fish SOURCE-TREE
set -euo pipefail
shell=$1 tree=$2 bad=0
if ! command -v "$shell" >/dev/null; then
    echo "there is no $shell: scripts/packages user"
    exit 77
fi
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cat >"$here/vale-ctl" <<'END'
#!/bin/sh
case $* in
"switch list") printf 'SWITCH  PORTS\nvale0       2\nvale1       1\n' ;;
list) printf 'PORT        INDEX\nvale0:a         0\nvale0:b         1\nvale1:c         0\n' ;;
esac
END
chmod +x "$here/vale-ctl"
export PATH=$here:$PATH HOME=$here VALE_CTL_COMPLETION=$tree/completion/vale-ctl.bash

# offers LINE: what is offered behind it, sorted, one a line.
offers_bash() {
    bash -c '. "$1/completion/vale-ctl.bash"
        line="$2." && read -ra COMP_WORDS <<<"$line" && COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        COMP_WORDS[COMP_CWORD]=${COMP_WORDS[COMP_CWORD]%.}
        _vale_ctl
        printf "%s\n" "${COMPREPLY[@]}"' bash "$tree" "$1"
}

offers_fish() { fish --no-config -c 'source $argv[1]/completion/vale-ctl.fish; complete -C $argv[2]' "$tree" "$1" | cut -f 1; }

# zsh completes on a terminal only: it gets one, and a compadd that writes down what it is given and matches.
offers_zsh() {
    zsh -f "$tree/tests/completion/ask.zsh" "$tree/completion" "$1" "$here/zsh"
    cat "$here/zsh"
}

offers() { "offers_$shell" "$1" | sort -u; }

# expect LINE WORD...: exactly these. expect_some LINE WORD...: these at least.
expect() {
    local got
    got=$(offers "$1" | xargs)
    [ "$got" = "${*:2}" ] || { echo "'$1': got '$got', expected '${*:2}'"; bad=1; }
}
expect_some() {
    local got word
    got=" $(offers "$1" | xargs) "
    for word in "${@:2}"; do [[ $got == *" $word "* ]] || { echo "'$1': '$word' is not in '$got'"; bad=1; }; done
}

expect "vale-ctl det" detach
expect "vale-ctl detach vale" vale0:a vale0:b vale1:c
expect "vale-ctl detach vale1" vale1:c
expect "vale-ctl port delete vale0:" vale0:a vale0:b
expect "vale-ctl port op" open
expect "vale-ctl port open vale1" vale1:c
expect_some "vale-ctl port create --" --mem-id --owner --permanent
expect "vale-ctl list v" vale0 vale1
expect "vale-ctl top vale1" vale1
expect "vale-ctl switch set vale" vale0 vale1
expect "vale-ctl switch delete vale" vale0 vale1
expect_some "vale-ctl create --" --tx-slots --rx-slots --tx-rings --rx-rings --mem-id --permanent
expect "vale-ctl fdb flush vale0" vale0 vale0:a vale0:b
expect "vale-ctl attach vale1:lo" vale1:lo
expect_some "vale-ctl stats l" lo
expect_some "vale-ctl topology " check diff apply export show reload clear
expect_some "vale-ctl top --" --interval --count --sort --reverse
expect_some "vale-ctl switch create --" --fdb-size --ageing --exchange --permanent
expect_some "vale-ctl " attach list switch fdb topology top watch status
exit "$bad"
