#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# tlem between networks, and under remote control: hosts reach each other through it by ARP and IPv4, also those behind a gateway;
# clients read and change a running link, within the server's limits; a thread for each direction; late packets.
#
#     [ns A] 10.1.0.2 -- ea netmap:ea  tlem -r  netmap:eb eb -- 10.2.0.2 [ns B] 10.9.0.1 (behind B, its gateway)
#
# timeout: 120
# needs: veth
# shellcheck source=tests/scenarios/lib.sh
. "$(dirname "$0")/lib.sh"

# link ARGS...: tlem as asked, ready.
link() {
    background /tmp/tlem tlem -w 0 -s /tmp/session "$@"
    tlem_pid=$!
    eventually 5 said /tmp/tlem '^Ready to go'
}

link_down() {
    kill -INT "$tlem_pid"
    wait "$tlem_pid" || fail "tlem ended with $?: $(cat /tmp/tlem)"
}

load_vale
ns A B
veth ea A va 10.1.0.2/24
veth eb B vb 10.2.0.2/24
ip -n B addr add 10.9.0.1/32 dev lo
in_ns B sysctl -qw net.ipv4.ip_forward=1
ip -n A route add default via 10.1.0.1
ip -n B route add default via 10.2.0.1
ip addr add 10.1.0.1/24 dev ea
ip addr add 10.2.0.1/24 dev eb

step "hosts of two networks, and one behind a gateway"
link -i netmap:ea -i netmap:eb -r -G 10.2.0.2 -D 30ms -v -C 0
ping_ok A 10.2.0.2
ping_ok A 10.9.0.1
ping_ok B 10.1.0.2
in_ns A ping -n -c 2 -i 0.2 10.2.0.2 >/tmp/ping
expect_match "$(cat /tmp/ping)" 'ttl=63 '
expect_ge "$(sed -n 's|^rtt min/avg/max/mdev = \([0-9]*\)\..*|\1|p' /tmp/ping)" 60 "ms there and back"
expect_eq "$(ip -n A -j neigh show 10.1.0.1 | jq -r '.[0].lladdr')" "$(mac_of ea)" "whom A takes for its gateway"
tcp B 10.2.0.2 A 1

step "what cannot be routed is counted"
ping_fails A 10.2.0.77
eventually 10 said /tmp/tlem 'ea -> eb: .* [1-9][0-9]* unreachable$'
in_ns A ping -n -c 1 -t 1 -W 1 10.2.0.2 >/dev/null && fail "a packet with one hop to live arrived"
eventually 10 said /tmp/tlem 'ea -> eb: .* [1-9][0-9]* not routed'

step "a client reads, changes one direction, and is told what cannot be"
expect_match "$(tlem -s /tmp/session)" '^settings: D 30ms'
tlem -s /tmp/session -D 0 -D 50ms >/tmp/client
expect_match "$(cat /tmp/client)" '^settings: D 0 50ms'
in_ns A ping -n -c 2 -i 0.2 10.2.0.2 >/tmp/ping
rtt=$(sed -n 's|^rtt min/avg/max/mdev = \([0-9]*\)\..*|\1|p' /tmp/ping)
expect_ge "$rtt" 50 "ms, back only"
tlem -s /tmp/session -L 1 >/dev/null
ping_fails A 10.2.0.2
tlem -s /tmp/session -L 0 >/dev/null
ping_ok A 10.2.0.2
expect_fails 2 tlem -s /tmp/session -D 5h
expect_fails 1 tlem -i netmap:ea -i netmap:eb -s /tmp/session
expect_eq "$(stat -c %a /tmp/session)" 600 "who may use the socket"

step "a client ends it"
expect_match "$(tlem -s /tmp/session -a)" '^stopping'
wait "$tlem_pid" || fail "tlem ended with $?"
[ ! -e /tmp/session ] || fail "the socket is still there"
expect_fails 1 tlem -s /tmp/session

step "limits of the server, two threads, huge pages"
link -i netmap:ea -i netmap:eb --address 10.1.0.1/24 --address 10.2.0.1/24 -r -C 0,0 -H -B 100M -M 1G,20ms,5ms
tcp B 10.2.0.2 A 1
for asked in "-B 2G" "-B 0" "-D 21ms" "-R const,0.1,6ms"; do
    # shellcheck disable=SC2086 # two words
    expect_fails 1 tlem -s /tmp/session $asked
done
expect_match "$(tlem -s /tmp/session -D 20ms -R const,0.1,5ms)" '^settings: B 100M D 20ms R const,0.1,5ms'
ping_ok A 10.2.0.2
link_down

step "late packets are counted, or dropped"
link -i netmap:ea -i netmap:eb -r -D 1us -d 0
ping_ok A 10.2.0.2
link_down
expect_match "$(cat /tmp/tlem)" 'ea -> eb: .* [1-9][0-9]* late'
link -i netmap:ea -i netmap:eb -r -D 1us -d 0 -P
ping_fails A 10.2.0.2
link_down
expect_match "$(cat /tmp/tlem)" 'ea -> eb: .* 0 out, .* [1-9][0-9]* too late'
link -i netmap:ea -i netmap:eb -r -D 1s -O 1s -d 60s -P
ping_ok A 10.2.0.2
link_down

step "mistakes"
expect_fails 2 tlem -i vale0:a -i vale0:b -r
expect_fails 2 tlem -i netmap:ea -i netmap:eb -r -G 10.3.0.1
expect_fails 2 tlem -i netmap:ea -i netmap:eb -G 10.1.0.2
