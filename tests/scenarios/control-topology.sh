#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A configuration is brought about: at the start of valed, on SIGHUP only what differs, not at all with an error in it.
# A device that comes later is attached when it comes, and again when it comes back. Run-time changes outlast valed,
# even kill -9.
#
#     valed.toml, valed.d --> valed --> vale0: leg-A, later leg-B; vi0        vale-ctl check, diff, apply, export
# timeout: 60
# needs: veth
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

etc=/tmp/control-topology
valed_now() { start_valed --config "$etc/valed.toml" --permanent "$etc/permanent.toml"; }
stands() { [ "$(vale-ctl --json topology show | jq -r --arg name "$1" '.standings[] | select(.name == $name).standing')" = "$2" ]; }
attached() { members vale0 | grep -qx "$1"; }
ifindex() { kernel_says show "$1" | jq .port.ifindex; }
ages_after() { [ "$(kernel_says switch list | jq '.switches[0].ageing')" = "$1" ]; }
logged() { grep -q "$1" /tmp/valed.log; }

at_end() {
    [ ! -e /sys/class/net/vi0 ] || vale-ctl --direct delete vale0:vi0
    rm -rf "$etc"
}

need_module bridge
load_vale
ns A B
mkdir -p "$etc/valed.d"
cat >"$etc/valed.toml" <<'END'
[switch.vale0]
fdb_size = 1024
[nic.leg-A]
switch = "vale0"
[nic.leg-B]
switch = "vale0"
[port.vi0]
switch = "vale0"
tx_slots = 256
END
veth leg-A A eth0 10.0.0.1/24

step "at the start"
vale-ctl check "$etc/valed.toml"
valed_now
expect_eq "$(members vale0 | xargs)" "vale0:leg-A vale0:vi0" "members"
expect_eq "$(kernel_says switch list | jq '.switches[0].fdb_size')" 1024 "table size"
expect_eq "$(kernel_says show vale0:vi0 | jq .port.tx_slots)" 256 "slots"
promiscuous leg-A
stands vale0:leg-B waiting || fail "$(vale-ctl topology show)"

step "a device that comes later"
veth leg-B B eth0 10.0.0.2/24
eventually 5 attached vale0:leg-B
ping_ok A 10.0.0.2
ip link set leg-B down
ip link set leg-B name leg-C
ip link set leg-C up

step "gone, and back"
ip link del leg-A
eventually 5 stands vale0:leg-A waiting
veth leg-A A eth0 10.0.0.1/24
eventually 5 attached vale0:leg-A
eventually 5 promiscuous leg-A
ping_ok A 10.0.0.2

step "one that comes under another name"
ip link del leg-C
eventually 5 stands vale0:leg-B waiting
veth other B eth0 10.0.0.2/24
ip link set other down
ip link set other name leg-B
ip link set leg-B up
eventually 5 attached vale0:leg-B
ip -n A neigh flush dev eth0
ping_ok A 10.0.0.2

step "one that cannot be attached says why, and is attached when it can"
ip link add br0 type bridge
scenario_links+=(br0)
vale-ctl detach vale0:leg-B
ip link set leg-B master br0
printf '[nic.leg-B]\nhost = true\n' >"$etc/valed.d/10.toml"
kill -HUP "$valed_pid"
eventually 5 stands vale0:leg-B failed
expect_match "$(vale-ctl topology show)" "leg-B is a member of br0" "reason"
ip link set leg-B nomaster
eventually 5 attached 'vale0:leg-B^'

step "only the difference"
before=$(ifindex vale0:leg-A) packets=$(port_counter vale0:leg-A in_packets)
printf '[switch.vale0]\nageing = 77\n[port.vi0]\nenabled = false\n' >"$etc/valed.d/20.toml"
kill -HUP "$valed_pid"
eventually 5 sh -c '! [ -e /sys/class/net/vi0 ]'
eventually 5 ages_after 77
expect_eq "$(ifindex vale0:leg-A)" "$before" "device"
expect_ge "$(port_counter vale0:leg-A in_packets)" "$packets" "packets, counted since it was attached"

step "an error changes nothing"
printf '[switch.vale0]\nagein = 1\n' >"$etc/valed.d/30.toml"
expect_fails 1 vale-ctl check "$etc/valed.d/30.toml"
expect_match "$(vale-ctl check "$etc/valed.d/30.toml" 2>&1 || true)" "30.toml:2:1: unknown key 'agein'.*'ageing'" "what check says"
kill -HUP "$valed_pid"
eventually 5 logged 'everything stays as it is'
expect_match "$(vale-ctl status)" "30.toml:2:1" "status"
expect_eq "$(members vale0 | xargs)" "vale0:leg-A vale0:leg-B vale0:leg-B^" "members"
rm "$etc/valed.d/30.toml"

step "run-time changes outlast kill -9"
vale-ctl detach vale0:leg-B
vale-ctl create vale0:vi0
vale-ctl export >"$etc/exported.toml"
kill -9 "$valed_pid"
wait "$valed_pid" 2>/dev/null || true
valed_now
expect_eq "$(vale-ctl export)" "$(cat "$etc/exported.toml")" "what is wanted"
expect_eq "$(members vale0 | xargs)" "vale0:leg-A vale0:vi0" "members"
expect_eq "$(vale-ctl diff "$etc/exported.toml")" "no difference" "diff"

step "permanent ones outlast a reboot"
vale-ctl detach vale0:leg-A --permanent
kill "$valed_pid"
wait "$valed_pid" 2>/dev/null || true
rm /run/vale/topology.json
valed_now
expect_eq "$(vale-ctl --json topology show | jq -c '[.standings[].name]')" '["vale0","vale0:leg-B"]' "what is wanted"
stands vale0:leg-B active || fail "$(vale-ctl topology show)"

step "apply, and clear"
vale-ctl apply "$etc/exported.toml"
expect_eq "$(members vale0 | xargs)" "vale0:leg-A vale0:vi0" "members"

step "what is polled stays, says why, and goes by itself when nobody polls it"
vale-ctl -p vale0:leg-A -C 0,0
expect_match "$(vale-ctl topology clear)" 'vale0:leg-A is leaving: .*vale-ctl -P vale0:leg-A'
stands vale0:leg-A leaving || fail "$(vale-ctl topology show)"
expect_eq "$(members vale0 | xargs)" vale0:leg-A "members"
vale-ctl -P vale0:leg-A
eventually 10 sh -c '! vale-ctl --direct list | grep -q leg-A'
expect_eq "$(vale-ctl --json topology show | jq -c .standings)" '[]' "what is wanted"
expect_eq "$(kernel_says list | jq '.ports | length')" 0 "ports"
! promiscuous leg-A || fail "leg-A stays promiscuous"
[ ! -e /sys/class/net/vi0 ] || fail "vi0 is still there"
