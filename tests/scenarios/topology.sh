# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# What scenarios of the switch share beyond lib.sh, which this file sources: members of a switch, their counters, the state
# of a link before and after, netmap programs and their reports.
# shellcheck source=tests/scenarios/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Frames of a verified conversation: a million, fewer where a machine is slow.
million=$((1000000 / (slow * slow)))

# --- members of a switch ---

# leg SWITCH NAMESPACE [ADDRESS/LENGTH]: a namespace's eth0, whose other end leg-NAMESPACE is attached to the switch.
leg() {
    local switch=$1 namespace=$2 address=${3:-}
    veth "leg-$namespace" "$namespace" eth0 "$address"
    vale-ctl -a "$switch:leg-$namespace"
}

# What the kernel says of switches, whether valed runs or not.
kernel_says() { vale-ctl --direct --json "$@"; }

# A switch's members, sorted, one a line.
members() { kernel_says list "$1" | jq -r '.ports[].name' | sort; }

# port_counter PORT NAME, port_drops PORT REASON: one number. dropped PORT: all reasons that count, as "runt=3".
port_counter() { kernel_says stats "$1" | jq ".stats[0].counters.$2"; }
counted() { [ "$(port_counter "$1" "$2")" -ge "$3" ]; }
port_drops() { kernel_says stats "$1" | jq ".stats[0].drops.$2"; }
dropped() { kernel_says stats "$1" | jq -r '.stats[0].drops | to_entries | map(select(.value > 0) | "\(.key)=\(.value)") | join(" ")'; }

# --- valed ---

# The daemon, outside systemd; its log is /tmp/valed.log, its id is left in valed_pid.
start_valed() {
    background /tmp/valed.log valed --foreground "$@"
    valed_pid=$!
    eventually 5 vale-ctl status
}

# Whether valed prepared a NIC; a program that listens on it would make it 2.
promiscuous() { ip -d link show dev "$1" | grep -q 'promiscuity 1'; }

# --- what must be as before ---

# link_state LINK: all about it that an administrator set or a program could notice, and no counters.
link_state() {
    ip -d link show dev "$1"
    ip addr show dev "$1"
    ip route show table all dev "$1"
    ip neigh show nud permanent dev "$1"
    tc -d qdisc show dev "$1"
    tc filter show dev "$1"
    ethtool -k "$1"
    printf 'carrier changes: %s\n' "$(cat "/sys/class/net/$1/carrier_changes")"
}

# same_state BEFORE LINK: fails with the difference to what link_state printed before.
same_state() {
    local difference
    difference=$(diff <(printf '%s\n' "$1") <(link_state "$2")) || fail "$2 is not as before:"$'\n'"$difference"
}

# --- netmap programs ---

# answers SECTION COUNT: the rows of one section of abi-errno, at least so many.
answers() {
    local rc=0
    abi-errno --section "$1" >/tmp/answers || rc=$?
    grep -v '^ok' /tmp/answers || true
    grep '# SKIP' /tmp/answers || true
    expect_eq "$rc" 0 "exit status of abi-errno"
    expect_ge "$(grep -c '^ok' /tmp/answers)" "$2" "rows of $1"
}

# talk LOG NMTALK-ARGUMENT...: a conversation that must go well; its reports are left in LOG, one JSON object a line.
talk() {
    local log=$1
    shift
    nmtalk --timeout $((20 * slow)) "$@" >"$log" 2>"$log.err" || fail "nmtalk $*: $(cat "$log" "$log.err")"
    jq -r '"\(.role) \(.port): \(.frames) frames, \(.bytes) bytes, \(.slots) slots in \(.ms) ms"' "$log"
}

# start_talk SECONDS NMTALK-ARGUMENT...: the same in the background, while other things happen, for so long at most; returns when
# frames flow. On one CPU it takes what time the others leave, or they would take longer.
start_talk() {
    local seconds=$(($1 * slow))
    shift
    background /tmp/conversation chrt -i 0 nmtalk --seconds "$seconds" --timeout $((20 * slow)) "$@"
    conversation=$!
    eventually 20 flows "$1"
}

flows() { counted "$1" in_packets 100; }
# Whoever ends has said something.
still_talking() {
    if ! kill -0 "$conversation" || [ -s /tmp/conversation ]; then
        fail "the conversation ended $1: $(cat /tmp/conversation)"
    fi
}

# end_talk: ends it; nothing may have been lost.
end_talk() {
    still_talking "too early"
    kill -USR1 "$conversation"
    talk_went_well
}

# talk_went_well: the same when it ends by itself. Data is sent once: what is lost is missing.
talk_went_well() {
    wait "$conversation" || fail "the conversation: $(cat /tmp/conversation)"
    cat /tmp/conversation
    expect_ge "$(report /tmp/conversation recv frames)" 1000 "frames received and verified"
    expect_eq "$(report /tmp/conversation recv frames)" "$(report /tmp/conversation send frames)" "frames received and verified"
}

# report LOG ROLE KEY: the sum over those who play that role.
report() { jq -s --arg role "$2" "[.[] | select(.role == \$role) | .$3] | add // 0" "$1"; }

# --- as many ports as there is memory for ---

declare -A filler=()

# start_fill PREFIX [OPTION...]: opens ports in the background until refused. full PREFIX: waits for that; how many in $filled.
start_fill() {
    background "/tmp/fill-$1" nmfill "$@"
    filler[$1]=$!
}

full() {
    eventually 90 said_or_gone "$1"
    expect_match "$(cat "/tmp/fill-$1")" '^[0-9]+ ENOMEM$' "nmfill $1"
    filled=$(cut -d' ' -f1 "/tmp/fill-$1")
    echo "$1: $filled ports, then ENOMEM; $(available) MiB available"
}

said_or_gone() { said "/tmp/fill-$1" '^[0-9]' || ! kill -0 "${filler[$1]}" 2>/dev/null; }
available() { awk '$1 == "MemAvailable:" { print int($2 / 1024) }' /proc/meminfo; }

# empty PREFIX: its process ends, and all ports with it.
empty() {
    kill "${filler[$1]}"
    wait "${filler[$1]}" || expect_eq $? 143 "exit status of nmfill $1"
}
