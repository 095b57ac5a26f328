#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What valed logs as a service can be found by what it is about: switch, port and network device are fields of the journal.
# On a terminal it is text with time stamps.
#
#     valed --sd_journal_sendv--> journald --> journalctl SWITCH= PORT= IFNAME=
# machine: systemd
# timeout: 60
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

# found MATCH...: the messages that have these fields, as one JSON object a line.
found() { journalctl --sync && journalctl -o json -u valed "_PID=$pid" "$@"; }
# logged TEXT MATCH...: there is one with this text among them.
logged() { found "${@:2}" | jq -r .MESSAGE | grep -q "$1"; }
field() { found "$1" | jq -rs "last | .$2"; }

at_end() { systemctl stop valed; }

load_vale
systemctl restart valed
pid=$(systemctl show -p MainPID --value valed)
ns A
veth leg-A A eth0

step "what was asked for, by its port"
vale-ctl attach vale1:leg-A --host
eventually 5 logged '^Attach by uid 0' PORT=vale1:leg-A
expect_eq "$(field PORT=vale1:leg-A SWITCH)" vale1 "switch"
expect_eq "$(field PORT=vale1:leg-A IFNAME)" leg-A "device"
expect_eq "$(field PORT=vale1:leg-A PRIORITY)" 6 "priority"
expect_eq "$(field PORT=vale1:leg-A SYSLOG_IDENTIFIER)" valed "program"

step "what happened by itself, by its device"
ip link del leg-A
eventually 5 logged 'went with its network device' IFNAME=leg-A
vale-ctl switch create vale2
eventually 5 logged '^SwitchCreate' SWITCH=vale2
expect_eq "$(field SWITCH=vale2 PORT)" null "port of a message about a switch"
vale-ctl switch delete vale2
vale-ctl detach vale1:leg-A

step "what is about none of these has none"
logged 'valed .* listens' || fail "$(found)"
expect_eq "$(found | jq -s 'map(select(.MESSAGE | test("listens")) | has("SWITCH")) | any')" false "a switch"

step "on a terminal"
systemctl stop valed
start_valed
expect_match "$(cat /tmp/valed.log)" '[0-9-]+ [0-9:.]+ info +valed .* listens' "what valed says elsewhere"
vale-ctl --json list >/dev/null
kill "$valed_pid"
