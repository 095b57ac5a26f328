#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Every command and option that `vale-ctl --help` names is in the man page and in the bash completion, and every command in
# docs/json.md.
#
#   documented.sh VALE-CTL SOURCE-TREE
set -euo pipefail
vale_ctl=$1 tree=$2 bad=0 count=0
page=$(sed -e 's/\\-/-/g; s/\\f[A-Z]//g' "$tree/man/vale-ctl.8")
# shellcheck source=completion/vale-ctl.bash
. "$tree/completion/vale-ctl.bash"

complain() { echo "$*"; bad=1; }

subcommands() { "$vale_ctl" "$@" --help | awk '/^Subcommands:/ { on = 1; next } on && /^  [a-z]/ { print $1 }'; }
options() { "$vale_ctl" "$@" --help | grep -oE '^ +(-[a-z],)?--[a-z-]+' | grep -oE -- '--[a-z-]+' | sort -u; }

# in_list WORD WORDS...
in_list() { [[ " ${*:2} " == *" $1 "* ]]; }

check_command() {
    local key=$* option
    # The nouns that only repeat commands of the top level complete as those do.
    case $key in "port "* | "daemon "*) key=${key#* } ;; "topology clear") ;; "topology "*) key=${key#* } ;; esac
    case $key in "" | port | switch | fdb | topology | daemon) ;; *)
        grep -qF -e "| \`$*\` |" -e "| \`$key\` |" "$tree/docs/json.md" || complain "$*: what it prints with --json is not in docs/json.md" ;;
    esac
    for option in $(options "$@"); do
        [ "$option" != --help ] || continue
        count=$((count + 1))
        grep -q -e "$option" <<<"$page" || complain "$*: $option is not in the man page"
        # shellcheck disable=SC2046
        in_list "$option" $(_vale_ctl_takes "$key") || complain "$*: $option is not completed"
    done
}

walk() {
    local name key=$*
    for name in $(subcommands "$@"); do
        count=$((count + 1))
        grep -q -w -e "$name" <<<"$page" || complain "$* $name is not in the man page"
        # shellcheck disable=SC2046
        in_list "$name" $(_vale_ctl_takes "$key") || complain "$* $name is not completed"
        check_command "$@" "$name"
        [ -n "$key" ] || walk "$name"
    done
}

walk
check_command
[ "$count" -gt 50 ] || complain "only $count commands and options were found: did the form of --help change?"
exit "$bad"
