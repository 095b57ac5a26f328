#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The service: valed reports READY, survives `systemctl restart` and kill -9, and takes up what is on the switches. Traffic
# meanwhile loses not one packet, and a NIC prepared before is put back after.
#
#     vale0:a ===verified===> vale0:b       [ns A] eth0 --- leg-A  vale1  leg-B --- eth0 [ns B]
# machine: systemd
# timeout: 120
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

# What is there, without what counts.
topology() { vale-ctl --json list | jq -c '.ports[] | [.name, .index, .kind, .mem_id, .users]' | sort; }
main_pid() { systemctl show -p MainPID --value valed; }
promiscuity() { ip -d link show dev "$1" | sed -n 's/.*promiscuity \([0-9]*\).*/\1/p'; }
unprepared() { [ "$(promiscuity leg-A)" = 0 ]; }
restarted() { [ "$(main_pid)" != "$1" ] && [ "$(main_pid)" != 0 ] && systemctl is-active -q valed && vale-ctl status; }

# as_before WHAT OLD-PID
as_before() {
    eventually 10 restarted "$2"
    expect_eq "$(topology)" "$before" "topology after $1"
    still_talking "during $1"
    ping_ok A 10.0.0.2
}

at_end() { systemctl stop valed; }

load_vale
step "READY"
systemctl restart valed
# notify-reload where systemd knows it
expect_match "$(systemctl show -p ActiveState,SubState,Type --value valed | sort | xargs)" "^active notify(-reload)? running$" "state of the unit"
expect_match "$(systemctl show -p StatusText --value valed)" "." "status text"

step "the service may hand out a port, sandboxed as it is"
vale-ctl port create vale2:vi0 --owner root
vale-ctl port open vale2:vi0 -- pkt-gen -i vale2:vi0 -f tx -n 10 | grep '^Sent 10 packets'
vale-ctl port delete vale2:vi0

ns A B
leg vale1 A 10.0.0.1/24
leg vale1 B 10.0.0.2/24
expect_eq "$(promiscuity leg-A)" 1 "promiscuity while attached"
start_talk 35 vale0:a --to vale0:b
before=$(topology)
printf '%s\n' "$before"

step "systemctl restart"
pid=$(main_pid)
systemctl restart valed
as_before "systemctl restart" "$pid"

step "kill -9"
pid=$(main_pid)
kill -9 "$pid"
as_before "kill -9" "$pid"
expect_ge "$(systemctl show -p NRestarts --value valed)" 1 "restarts by systemd"

step "stopped and started"
pid=$(main_pid)
systemctl stop valed
ping_ok A 10.0.0.2
systemctl start valed
as_before "stop and start" "$pid"

step "not one packet lost"
end_talk

step "what an earlier valed prepared is put back"
vale-ctl -d vale1:leg-A
eventually 5 unprepared
expect_eq "$(vale-ctl --json list vale1 | jq -r '.ports[].name')" vale1:leg-B "ports"
