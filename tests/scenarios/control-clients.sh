#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# 200 clients at once, and ten that misbehave: each of the 200 gets every answer, the ten are cut off, a switch with 1000 ports is
# listed, and after all of it valed has no more memory and no more descriptors than before.
#
#     vlload: 200 x (List, Status, ListSwitches), 10 x (silent, half a call, drips, garbage, too long, never reads, leaves, watches unseeing)
# needs: std
# timeout: 300
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

etc=/tmp/control-clients
at_end() { rm -rf "$etc"; }
# In KiB, what valed holds for itself.
memory() { awk '/^RssAnon:/ { print $2 }' "/proc/$valed_pid/status"; }
descriptors() { set -- "/proc/$valed_pid/fd/"*; echo $#; }
descriptors_at_most() { [ "$(descriptors)" -le "$1" ]; }
load() { vlload "$@" >/tmp/vlload || fail "vlload $*: $(cat /tmp/vlload)"; cat /tmp/vlload; }
milliseconds() { local start=${EPOCHREALTIME/./}; "$@"; echo $(((${EPOCHREALTIME/./} - start) / 1000)) >/tmp/milliseconds; }

# Ports vale0:p0 ... of four switches.
configuration() {
    local switch port
    for switch in 0 1 2 3; do
        for port in $(seq "$1"); do printf '[port.p%dx%d]\nswitch = "vale%d"\n%s' "$switch" "$port" "$switch" $'tx_slots = 64\nrx_slots = 64\n'; done
    done
}

load_vale
mkdir -p "$etc"
configuration 2 >"$etc/valed.toml"
start_valed --config "$etc/valed.toml" --permanent "$etc/permanent.toml"
expect_eq "$(kernel_says list | jq '.ports | length')" 8 "ports"

step "200 clients and ten that misbehave"
before=$(descriptors)
load --clients 200 --calls $((20 / slow)) --bad 10
expect_eq "$(jq -c '[.clients, .calls, .errors]' /tmp/vlload)" "[200,$((200 * (20 / slow))),0]" "clients, calls, errors"
eventually 15 descriptors_at_most "$before"

step "many calls and many reloads"
# The first ones warm up: pools grow to what is needed. By hand: reloads=1000.
reloads=${reloads:-$((100 / slow))}
load --clients 4 --calls $((reloads * 5))
load --clients 1 --calls "$reloads" --methods Reload
warm=$(memory)
load --clients 4 --calls $((reloads * 25))
load --clients 1 --calls "$reloads" --methods Reload
printf 'valed: %s KiB before %s calls and %s reloads, %s KiB after\n' "$warm" $((reloads * 100)) "$reloads" "$(memory)"
expect_le "$(memory)" $((warm + 256)) "KiB of valed"
eventually 15 descriptors_at_most "$before"

step "1000 ports"
configuration $((250 / slow)) >"$etc/many.toml"
milliseconds vale-ctl apply "$etc/many.toml" >/dev/null
printf 'apply: %s ms\n' "$(cat /tmp/milliseconds)"
milliseconds vale-ctl list >/tmp/list
printf 'list: %s ms\n' "$(cat /tmp/milliseconds)"
expect_eq "$(grep -c '^vale[0-3]:p' /tmp/list)" $((4 * (250 / slow))) "ports listed"
milliseconds vale-ctl topology clear >/dev/null
printf 'clear: %s ms\n' "$(cat /tmp/milliseconds)"
expect_eq "$(kernel_says list | jq '.ports | length')" 0 "ports"
