# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# Scenarios, their header lines, and which of them a kind of machine can run.

scenario_dir=$VALE_ROOT/tests/scenarios

# Names that match one of the patterns (shell patterns; none: all).
scenario_names() {
    local file name pattern
    for file in "$scenario_dir"/*-*.sh; do
        [ -e "$file" ] || continue
        name=$(basename "$file" .sh)
        [ $# -gt 0 ] || echo "$name"
        for pattern in "$@"; do
            # shellcheck disable=SC2254
            case $name in $pattern) echo "$name"; break ;; esac
        done
    done
}

scenario_header() { sed -n "s/^# $2: *//p" "$scenario_dir/$1.sh" | head -n 1; }
scenario_machine() { local m; m=$(scenario_header "$1" machine); echo "${m:-std}"; }
scenario_timeout() { local t; t=$(scenario_header "$1" timeout); echo "${t:-60}"; }

# own_boot NAME: it prepares the disk of the machine before that boots, and so cannot share the boot.
own_boot() { [ "$(scenario_header "$1" boot)" = own ]; }

# First sentence of the comment after the licence: what the scenario shows.
scenario_title() {
    awk 'NR > 2 && /^# ./ { text = text substr($0, 2); next }
         text { exit }
         END { sub(/\. .*/, ".", text); print substr(text, 2) }' "$scenario_dir/$1.sh"
}

# not_applicable NAME FEATURES: prints why a machine with these features cannot run the scenario; silent when it can.
not_applicable() {
    local name=$1 features=" $2 " need
    case $features in
    *" $(scenario_machine "$name") "*) ;;
    *) echo "needs machine $(scenario_machine "$name")"; return ;;
    esac
    for need in $(scenario_header "$name" needs); do
        case $features in *" $need "*) ;; *) echo "needs $need"; return ;; esac
    done
}
