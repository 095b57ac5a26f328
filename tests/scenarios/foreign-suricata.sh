#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Debian's Suricata, built with netmap against our headers and our libnetmap (scripts/foreign): as a sensor at a VALE port it sees what pkt-gen
# sends, and inline between two network devices it passes what its rules let pass.
#
#     pkt-gen vale0:a --> vale0:ids  Suricata        [ns A] 10.0.0.1 --- netmap:left0  Suricata  netmap:right0 --- 10.0.0.2 [ns B]
# needs: foreign-suricata
# timeout: 300
# shellcheck source=tests/scenarios/lib.sh
. "$(dirname "$0")/lib.sh"

# configuration NAME NETMAP: NETMAP is the list of interfaces, as YAML.
configuration() {
    mkdir -p "/tmp/$1"
    cat >"/tmp/$1.yaml" <<YAML
%YAML 1.1
---
classification-file: /vale/foreign/suricata/classification.config
reference-config-file: /vale/foreign/suricata/reference.config
default-rule-path: /tmp
rule-files: [$1.rules]
outputs:
  - fast: {enabled: yes, filename: fast.log}
vars:
  address-groups: {HOME_NET: any, EXTERNAL_NET: any}
netmap:
$2
YAML
}

# suricata NAME: in the background, at work; its alerts come to /tmp/NAME/fast.log.
suricata() {
    background "/tmp/$1.log" env LD_LIBRARY_PATH=/vale/foreign/suricata/lib /vale/foreign/suricata/suricata \
        -c "/tmp/$1.yaml" --netmap -l "/tmp/$1" -k none
    eventually 60 said "/tmp/$1.log" 'Engine started'
}

alerts() { [ "$(grep -c "$2" "/tmp/$1/fast.log")" = "$3" ]; }

load_vale
step "a sensor at a VALE port"
# With no look at the data there would be one alert a flow.
echo 'alert udp any any -> 10.1.0.1 666 (msg:"seen"; dsize:>0; sid:1;)' >/tmp/ids.rules
configuration ids "  - {interface: 'vale0:ids', threads: 1}"
suricata ids
pkt-gen -i vale0:a -f tx -n 600 -d 10.1.0.1:665-10.1.0.1:667 -b 50 >/tmp/tx
eventually 20 alerts ids seen 200
kill "${scenario_pids[-1]}"
wait "${scenario_pids[-1]}" || fail "Suricata ended with $?: $(cat /tmp/ids.log)"

step "inline between two network devices"
ns A B
veth left0 A eth0 10.0.0.1/24
veth right0 B eth0 10.0.0.2/24
ping_fails A 10.0.0.2
echo 'drop udp any any -> any 666 (msg:"stopped"; dsize:>0; sid:2;)' >/tmp/ips.rules
configuration ips "  - {interface: left0, threads: 1, copy-mode: ips, copy-iface: right0}
  - {interface: right0, threads: 1, copy-mode: ips, copy-iface: left0}"
suricata ips
ping_ok A 10.0.0.2
ping_ok B 10.0.0.1 -s 1472 -M "do"
background /tmp/wire in_ns B tcpdump -Z root -l -n -i eth0 udp
eventually 10 said /tmp/wire 'listening on'
in_ns A bash -c 'for port in 666 667 666 667; do echo hello >/dev/udp/10.0.0.2/$port; done'
arrived() { [ "$(grep -c "\.$1: UDP" /tmp/wire)" = "$2" ]; }
eventually 10 arrived 667 2
eventually 20 alerts ips stopped 2
expect_eq "$(grep -c '\.666: UDP' /tmp/wire || true)" 0 "datagrams to port 666 that arrived"
