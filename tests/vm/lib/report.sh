# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# One line per scenario, and one at the end: what CI counts. Counters of this run: passed, failed, skipped.

passed=0 failed=0 skipped=0 number=0 failures=()
# For report_table: "SCENARIO MACHINE" -> what it says there.
declare -A outcome=()

report_ok() {
    number=$((number + 1)) passed=$((passed + 1)) outcome["$1 $2"]=passed
    printf 'ok %d %s (%s) %ss\n' "$number" "$1" "$2" "$3"
}

report_failed() {
    number=$((number + 1)) failed=$((failed + 1)) outcome["$1 $2"]="**failed**"
    failures+=("$1 ($2)")
    printf 'not ok %d %s (%s) %ss: %s%s\n' "$number" "$1" "$2" "$3" "$4" "${5:+, log: $5}"
    [ ! -f "$5" ] || tail -n "${VALE_TAIL:-40}" "$5" | sed 's/^/    /'
}

report_skipped() {
    number=$((number + 1)) skipped=$((skipped + 1)) outcome["$1 $2"]="$3"
    printf 'ok %d %s (%s) # SKIP %s\n' "$number" "$1" "$2" "$3"
}

# Meaning of the exit code the guest reported.
reason_of() {
    case $1 in
    98) echo "left something behind" ;;
    99) echo "the kernel complained" ;;
    124 | 137) echo "timed out" ;;
    *) echo "exit $1" ;;
    esac
}

# report_end NAME LABEL CODE TENTHS DIR
report_end() {
    local name=$1 label=$2 code=$3 seconds log=$5/$1.log
    seconds=$(($4 / 10)).$(($4 % 10))
    case $code in
    0) report_ok "$name" "$label" "$seconds" ;;
    77) report_skipped "$name" "$label" "$(sed -n 's/^skip: //p' "$log" | tail -n 1)" ;;
    *) report_failed "$name" "$label" "$seconds" "$(reason_of "$code")" "$log" ;;
    esac
}

# report_table FILE: Markdown, a row for each scenario and a column for each machine.
report_table() {
    local labels=() names=() key name label
    mapfile -t labels < <(for key in "${!outcome[@]}"; do echo "${key#* }"; done | sort -u)
    mapfile -t names < <(for key in "${!outcome[@]}"; do echo "${key%% *}"; done | sort -u)
    {
        printf '| scenario | shows |'
        printf ' %s |' "${labels[@]}"
        printf '\n|---|---|'
        printf -- '---|%.0s' "${labels[@]}"
        for name in "${names[@]}"; do
            printf '\n| `%s` | %s |' "$name" "$(scenario_title "$name")"
            for label in "${labels[@]}"; do printf ' %s |' "${outcome["$name $label"]:-}"; done
        done
        printf '\n'
    } >"$1"
}

report_total() {
    printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
    [ "$failed" = 0 ]
}
