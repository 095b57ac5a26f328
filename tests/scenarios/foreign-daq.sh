#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# DAQ, the packet access of Snort 2, built with its netmap module against our headers (scripts/foreign): inline between two network devices, whose
# packets it passes by swapping buffers; what its verdict blocks does not arrive.
#
#     [ns A] 10.0.0.1 --- netmap:left0  DAQ  netmap:right0 --- 10.0.0.2 [ns B]
# needs: foreign-daq
# timeout: 300
# shellcheck source=tests/scenarios/lib.sh
. "$(dirname "$0")/lib.sh"

arrived() { [ "$(grep -c "\.$1: UDP" /tmp/wire)" = "$2" ]; }

load_vale
ns A B
veth left0 A eth0 10.0.0.1/24
veth right0 B eth0 10.0.0.2/24
ping_fails A 10.0.0.2

step "DAQ joins them"
background /tmp/daq /vale/foreign/daq/daqpass left0:right0 666
daq=$!
eventually 10 said /tmp/daq '^started'
ping_ok A 10.0.0.2
ping_ok B 10.0.0.1 -s 1472 -M "do"
tcp B 10.0.0.2 A 2

step "and stops datagrams to port 666"
background /tmp/wire in_ns B tcpdump -Z root -l -n -i eth0 udp
eventually 10 said /tmp/wire 'listening on'
in_ns A bash -c 'for port in 666 667 666 667; do echo hello >/dev/udp/10.0.0.2/$port; done'
eventually 10 arrived 667 2
expect_eq "$(grep -c '\.666: UDP' /tmp/wire || true)" 0 "datagrams to port 666 that arrived"
kill -TERM "$daq"
wait "$daq" || fail "daqpass ended with $?: $(cat /tmp/daq)"
cat /tmp/daq
expect_match "$(cat /tmp/daq)" 'blocked 2$'
