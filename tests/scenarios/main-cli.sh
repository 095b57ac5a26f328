#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The options vale-ctl has always had, with the same output and exit status through valed and, without it, through /dev/netmap.
#
#     vale-ctl -a -h -d -l -g -n -r -p -P -C -m -v, and none: list
# timeout: 60
# needs: veth
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

# says PATTERN CMD...: succeeds, and prints something like that.
says() {
    local pattern=$1 got
    shift
    got=$("$@" 2>&1) || fail "'$*' failed: $got"
    expect_match "$got" "$pattern" "what '$*' says"
}

# refuses PATTERN CMD...: exits 1 and says why on stderr, and nothing on stdout.
refuses() {
    local pattern=$1 rc=0 got
    shift
    got=$("$@" 2>/tmp/why) || rc=$?
    expect_eq "$rc" 1 "exit status of '$*'"
    expect_eq "$got" "" "stdout of '$*'"
    expect_match "$(cat /tmp/why)" "$pattern" "what '$*' says"
}

historical_options() {
    says '^$' vale-ctl
    says '^$' vale-ctl -n vi0 -C 512
    refuses 'exists' vale-ctl -n vi0
    says '1 TX rings of 512 slots, 1 RX rings of 512 slots' vale-ctl -g vi0
    says '^$' vale-ctl -n vi1 -C 64,128,2,3
    says '2 TX rings of 64 slots, 3 RX rings of 128 slots' vale-ctl -g vi1
    says '^$' vale-ctl -a vale0:vi0
    says '^$' vale-ctl -a vale0:leg-A
    refuses 'attach' vale-ctl -a vale0:leg-A
    refuses 'attach' vale-ctl -a vale1:leg-A
    says '^$' vale-ctl -h vale1:leg-B
    expect_eq "$(vale-ctl | sort)" "$listing" "list"
    says '^bridge 0 port 1 vale0:leg-A$' vale-ctl -l vale0:leg-A
    says '^bridge 1 port 1 vale1:leg-B\^$' vale-ctl -l 'vale1:leg-B^'
    refuses 'no port' vale-ctl -l vale0:nobody
    says 'TX rings' vale-ctl -g leg-A
    refuses 'no .*such|no port|there is no' vale-ctl -a vale0:nobody
    refuses 'there is no' vale-ctl -d vale0:nobody
    refuses 'no such CPU' vale-ctl -p vale0:leg-A -C 0,4096
    says '^$' vale-ctl -p vale0:leg-A -C 0,0
    refuses 'polled already' vale-ctl -p vale0:leg-A -C 0,0
    refuses 'vale-ctl -P vale0:leg-A' vale-ctl -d vale0:leg-A
    says '^$' vale-ctl -P vale0:leg-A
    refuses 'not polled' vale-ctl -P vale0:leg-A
    refuses 'attached|in use|open' vale-ctl -r vi0
    refuses 'not made' vale-ctl -r leg-A
    says 'port index 1' vale-ctl -v -d vale0:leg-A
    says '^$' vale-ctl -d vale1:leg-B
    says '^$' vale-ctl -d vale0:vi0
    memory_options
    says '^$' vale-ctl -r vi0
    says '^$' vale-ctl -r vi1
    says '^$' vale-ctl
}

# By number, or that of a port.
memory_options() {
    local id
    id=$(vale-ctl -g vi0 | sed 's/.*memory region \([0-9]*\).*/\1/')
    says '^$' vale-ctl -n vi2 -m "$id"
    says "memory region $id," vale-ctl -g vi2
    says '^$' vale-ctl -r vi2
    says '^$' vale-ctl -n vi2 -m vi0
    says "memory region $id," vale-ctl -g vi2
    says '^$' vale-ctl -r vi2
    refuses 'memory' vale-ctl -n vi2 -m 65000
}

wrong_usage() {
    refuses 'usage' vale-ctl -x
    refuses 'usage' vale-ctl -a
    refuses 'usage' vale-ctl -a vale0:leg-A -d vale0:leg-A
    refuses 'want' vale-ctl -n vi3 -C 1,2,3,4,5
    refuses 'want' vale-ctl -n vi3 -C many
}

at_end() {
    local name
    for name in vi0 vi1 vi2 vi3; do
        [ ! -e "/sys/class/net/$name" ] || ip link del "$name"
    done
}

listing="bridge 0 port 0 vale0:vi0
bridge 0 port 1 vale0:leg-A
bridge 1 port 0 vale1:leg-B
bridge 1 port 1 vale1:leg-B^"
ns A B
veth leg-A A eth0
veth leg-B B eth0

step "without the module"
refuses '/dev/netmap|vale.ko|module' vale-ctl

load_vale
step "without valed"
historical_options
wrong_usage
says 'directly' vale-ctl -v
expect_fails 1 vale-ctl list
expect_match "$(vale-ctl list 2>&1 || true)" 'valed' "what 'vale-ctl list' says"

step "through valed"
start_valed
historical_options
wrong_usage
! vale-ctl -v 2>&1 | grep -q directly || fail "valed runs and was not asked"
