#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# systemd's own varlinkctl, which knows nothing of us, finds its way: it asks valed who it is, takes its interface for valid,
# calls methods, gets typed errors, and follows a stream of events until it is ended.
#
#     varlinkctl --> /run/vale/valed.sock --> valed      [ns A] eth0 --- leg-A  vale0
# machine: systemd
# needs: varlinkctl
# timeout: 60
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

socket=/run/vale/valed.sock
call() { varlinkctl call -j "$socket" "io.vale.Switch.$1" "${2:-"{}"}"; }
events() { tr -d '\036' </tmp/events | jq -r '.event.event + " " + (.event.port // "")'; }
happened() { events | grep -qx "$1"; }

# refused ERROR METHOD PARAMETERS: the call fails, with that error of the interface.
refused() {
    local said
    ! said=$(call "$2" "$3" 2>&1) || fail "$2 $3 succeeded"
    expect_match "$said" "io.vale.Switch.$1" "what varlinkctl says of $2 $3"
}

at_end() { systemctl stop valed; }

load_vale
systemctl restart valed
ns A
leg vale0 A 10.0.0.1/24

step "who it is"
varlinkctl info "$socket"
expect_match "$(varlinkctl info -j "$socket" | jq -r '.interfaces | sort | join(" ")')" "io.vale.Switch.* org.varlink.service" "interfaces"
expect_eq "$(varlinkctl list-interfaces "$socket" | grep -c '^io.vale.Switch$')" 1 "our interface in the list"

step "what it can do"
varlinkctl introspect "$socket" io.vale.Switch >/tmp/introspected
expect_match "$(cat /tmp/introspected)" "method Attach" "the interface it was given"
varlinkctl validate-idl /usr/share/varlink/io.vale.Switch.varlink >/dev/null

step "calls"
expect_eq "$(call List '{"switch": "vale0"}' | jq -r '.ports[].name')" vale0:leg-A "ports"
call SwitchCreate '{"name": "vale7", "fdb_size": 1024}'
expect_eq "$(call ListSwitches | jq '.switches[] | select(.name == "vale7").fdb_size')" 1024 "table size"
expect_eq "$(kernel_says switch list | jq '.switches[] | select(.name == "vale7").fdb_size')" 1024 "table size, says the kernel"

step "typed errors"
refused NoSuchPort Show '{"name": "vale0:nobody"}'
refused NoSuchSwitch List '{"switch": "vale99"}'
refused InvalidValue SwitchCreate '{"name": "vale8", "fdb_size": 1000}'

step "a stream"
background /tmp/events varlinkctl call --more -j --timeout=infinity "$socket" io.vale.Switch.Watch '{}'
watcher=$!
eventually 10 happened "watching "
vale-ctl detach vale0:leg-A
eventually 10 happened "port_del vale0:leg-A"
vale-ctl attach vale0:leg-A
eventually 10 happened "port_add vale0:leg-A"
kill -0 "$watcher" || fail "the stream ended: $(cat /tmp/events)"
kill "$watcher"
call SwitchDelete '{"name": "vale7"}'
