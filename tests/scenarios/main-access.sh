#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Who may do what: root and members of group vale change switches through valed, others are told clearly that they may not,
# by the socket's mode and, if that lets them in, by their credentials; /dev/netmap is for root alone.
#
#     root, alice (group vale), bob (not)  --- /run/vale/valed.sock --- valed --- vale0:leg-A
# timeout: 60
# needs: veth
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

as() {
    local user=$1
    shift
    setpriv --reuid "$user" --regid "$user" --init-groups "$@"
}

# refused PATTERN STATUS CMD...
refused() {
    local pattern=$1 status=$2 rc=0
    shift 2
    "$@" >/tmp/out 2>/tmp/why || rc=$?
    expect_eq "$rc" "$status" "exit status of '$*' ($(cat /tmp/why))"
    expect_match "$(cat /tmp/why)" "$pattern" "what '$*' says"
    expect_eq "$(cat /tmp/out)" "" "stdout of '$*'"
}

grep -q '^vale:' /etc/group || groupadd -r vale
id -nG alice | grep -qw vale || usermod -aG vale alice
load_vale
ns A
veth leg-A A eth0
expect_eq "$(stat -c '%a %U:%G' /dev/netmap)" "600 root:root" "mode of /dev/netmap"
if systemctl is-active -q valed 2>/dev/null; then vale-ctl status; else start_valed; fi
expect_eq "$(stat -c '%a %U:%G' /run/vale/valed.sock)" "660 root:vale" "mode of the socket"

step "a member of group vale"
as alice vale-ctl attach vale0:leg-A
expect_match "$(as alice vale-ctl list)" "vale0:leg-A" "list"
as alice vale-ctl -d vale0:leg-A
as alice vale-ctl switch create vale1 --ageing 10
as alice vale-ctl switch delete vale1

step "somebody else: the socket is closed to them"
refused 'group vale' 4 as bob vale-ctl attach vale0:leg-A
refused 'group vale' 4 as bob vale-ctl list
refused 'group vale|root' 4 as bob vale-ctl --direct attach vale0:leg-A
refused 'group vale|root|[Pp]ermi' 1 as bob vale-ctl -a vale0:leg-A
expect_eq "$(vale-ctl)" "" "ports"

step "somebody else, let in by whoever changed the mode: may look, not touch"
chmod 666 /run/vale/valed.sock
vale-ctl attach vale0:leg-A
expect_match "$(as bob vale-ctl list)" "vale0:leg-A" "list"
refused 'bob|group vale' 4 as bob vale-ctl detach vale0:leg-A
refused 'bob|group vale' 4 as bob vale-ctl switch create vale1
refused 'bob|group vale' 4 as bob vale-ctl fdb flush vale0
refused 'bob|group vale' 4 as bob vale-ctl create vi9
chmod 660 /run/vale/valed.sock
expect_eq "$(vale-ctl list --json | jq -r '.ports[].name')" vale0:leg-A "ports"
vale-ctl detach vale0:leg-A
