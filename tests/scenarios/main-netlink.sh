#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What the netlink family "vale" tells and takes: switches and their settings, ports with counters, forwarding tables,
# refusals that name the object, namespaces, events. The ports are programs that wait for frames.
#
#     vale-ctl --direct  ->  vale0: p0 .. p63   (more than one netlink buffer holds)
#                            vale1: a
#     vale-ctl watch  ->  valed  ->  multicast group "events"
# timeout: 120
# shellcheck source=tests/scenarios/lib.sh
. "$(dirname "$0")/lib.sh"

ports=64
socket=/run/vale-netlink.sock
events=/tmp/netlink-events

ctl() { vale-ctl --direct --json "$@"; }
# ask FILTER COMMAND...: what jq finds in the answer.
ask() {
    local filter=$1
    shift
    ctl "$@" | jq -r "$filter"
}

# refused TEXT COMMAND...: fails, and the explanation contains the text.
refused() {
    local want=$1 answer
    shift
    ! answer=$(vale-ctl --direct "$@" 2>&1) || fail "not refused: $*"
    expect_match "$answer" "$want" "explanation of '$*'"
}

# a program that holds the port open and says hello from 02:56:42:00:00:NUMBER
open_port() { background "/tmp/port-$2.log" nmrecv "$1" --id "$2" --timeout 600; }

has_ports() { [ "$(ask '.ports | length' list "$1")" = "$2" ]; }
has_learned() { [ "$(ask '[.entries[] | select(.static | not)] | length' fdb list "$1")" = "$2" ]; }
saw() { jq -e -n "[inputs | select($1)] | length > 0" "$events"; }
watching() { saw '.event == "watching"'; }

load_vale

step "settings of switches"
refused "vale0" switch set vale0 --ageing 600
ctl switch create vale0 --fdb-size 1024 --ageing 600
expect_eq "$(ask '.switches[] | "\(.name) \(.ports) \(.fdb_size) \(.ageing)"' switch list)" "vale0 0 1024 600" "switch"
refused "vale0.*power of two|power of two" switch set vale0 --fdb-size 1000
expect_eq "$(ask '.switches[0].fdb_size' switch list)" 1024 "size after a refusal"

step "events reach a watcher"
background /tmp/valed.log valed --foreground --socket "$socket" --state /run/vale-netlink-nics
eventually 5 test -S "$socket"
background "$events" vale-ctl --socket "$socket" --json watch
eventually 5 watching

step "a dump of ports longer than one buffer"
for ((i = 0; i < ports; i++)); do open_port "vale0:p$i" "$i"; done
open_port vale1:a 99
eventually 30 has_ports vale0 $ports
eventually 30 has_learned vale0 $ports
expect_eq "$(ask '.ports | length' list)" $((ports + 1)) "ports of all switches"
expect_eq "$(ask '[.ports[].index] | unique | length' list vale0)" $ports "different indices"
expect_eq "$(ask '[.ports[].name] | unique | length' list vale0)" $ports "different names"
expect_eq "$(ask '.port | "\(.kind) \(.users) \(.link)"' show vale0:p7)" "ephemeral 1 true" "one port"
expect_ge "$(ask '.port.counters.in_packets' show vale0:p7)" 1 "packets from p7"
refused "vale0:nobody" show vale0:nobody

step "the forwarding table"
entry() { ask ".entries[] | select(.mac == \"$2\") | \"\(.port) \(.static)\"" fdb list "$1"; }
expect_eq "$(entry vale0 02:56:42:00:00:07)" "vale0:p7 false" "learned address"
ctl fdb add vale0:p3 02:56:42:00:00:07
expect_eq "$(entry vale0 02:56:42:00:00:07)" "vale0:p3 true" "static in place of learned"
ctl switch set vale0 --fdb-size 4096
expect_eq "$(ask '.entries | length' fdb list vale0)" $ports "entries after the table grew"
kill -STOP "${scenario_pids[@]:2}" # they say hello again and again
ctl fdb flush vale0:p5
expect_eq "$(entry vale0 02:56:42:00:00:05)" "" "address of a flushed port"
expect_eq "$(entry vale0 02:56:42:00:00:06)" "vale0:p6 false" "address of another port"
ctl fdb flush vale0
expect_eq "$(ask '.entries[].mac' fdb list vale0)" 02:56:42:00:00:07 "what a flush leaves"
ctl fdb del vale0 02:56:42:00:00:07
expect_eq "$(ask '.entries | length' fdb list vale0)" 0 "entries"
expect_eq "$(ask '.entries | length' fdb list vale1)" 1 "entries of the other switch"
refused "vale0" fdb del vale0 02:56:42:00:00:07
refused "address" fdb add vale0:p3 ff:ff:ff:ff:ff:ff

step "who may change what, and where"
ns other
expect_eq "$(in_ns other vale-ctl --direct --json switch list | jq '.switches | length')" 0 "switches of another namespace"
expect_fails 4 setpriv --reuid 1000 --clear-groups vale-ctl --direct fdb flush vale0
expect_eq "$(setpriv --reuid 1000 --clear-groups vale-ctl --direct --json switch list | jq '.switches | length')" 2 "switches seen by a user"

step "a switch that was made stays until deleted"
kill "${scenario_pids[@]:2}"
kill -CONT "${scenario_pids[@]:2}"
eventually 20 has_ports vale0 0
expect_eq "$(ask '.switches[].name' switch list)" vale0 "switches left"
ctl switch delete vale0
expect_eq "$(ask '.switches | length' switch list)" 0 "switches left"

step "what the watcher saw"
eventually 10 saw '.event == "switch_del" and .switch == "vale0"'
saw '.event == "switch_add" and .switch == "vale1"' || fail "no switch_add of vale1"
for kind in port_add link_up port_del; do
    expect_eq "$(jq -n "[inputs | select(.event == \"$kind\" and .switch == \"vale0\")] | length" "$events")" $ports "events $kind"
done
saw '.event == "mac_learned" and .mac == "02:56:42:00:00:07"' || fail "no mac_learned of p7"
expect_eq "$(jq -n '[inputs | .events_lost // 0] | add' "$events")" 0 "events lost"
# An address is learned on a port that was added before, and lost with it.
expect_eq "$(jq -n '[inputs] | (map(.event == "port_add" and .port == "vale0:p7") | index(true)) < (map(.mac == "02:56:42:00:00:07") | index(true))' "$events")" true "order"

kill "${scenario_pids[@]:0:2}"
eventually 10 unload_vale
