#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Threads that forward what arrives on a netdev of a switch: who they are and where they run, traffic through them and while
# they come and go, and that they end with the netdev, its namespace and its attachment.
#
#     [ns A] va --- ea  vale0  eb --- vb [ns B]         m1 --- m0  vale2  vale2:x         [ns W] w1 --- w0  vale0
# timeout: 90
# needs: veth
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

# pollers [NETDEV]: names of threads; poller NETDEV CPU: one's process id.
pollers() { cat /proc/[0-9]*/comm 2>/dev/null | grep "^vale-poll-${1:-}" | sort || true; }
poller() { grep -lx "vale-poll-$1/$2" /proc/[0-9]*/comm 2>/dev/null | cut -d/ -f3; }
no_pollers() { [ -z "$(pollers "$1")" ]; }
status_of() { sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status"; }
refs() { cat /sys/module/vale/refcnt; }

load_vale
answers polling 20

ns A B
veth ea A va 10.0.0.1/24
veth eb B vb 10.0.0.2/24
vale-ctl -a vale0:ea
vale-ctl -a vale0:eb
no_pollers "" || fail "there are threads already: $(pollers)"

step "a thread on its CPU forwards"
vale-ctl -p vale0:ea -C 0,0
expect_eq "$(pollers)" vale-poll-ea/0 "threads"
thread=$(poller ea 0)
expect_eq "$(status_of "$thread" Cpus_allowed_list)" 0 "CPUs of the thread"
expect_match "$(vale-ctl --direct show vale0:ea)" 'polled +by a thread on CPU 0'
expect_eq "$(vale-ctl --direct --json show vale0:ea | jq -c '.port | [.poll_cpu, .poll_cpus]')" '[0,1]' "polled, as JSON"
before=$(status_of "$thread" voluntary_ctxt_switches)
ping_ok A 10.0.0.2
expect_ge "$(status_of "$thread" voluntary_ctxt_switches)" $((before + 3)) "times it slept after three echo requests"
tcp B 10.0.0.2 A 1
tcp A 10.0.0.1 B 1

step "both sides"
vale-ctl -p vale0:eb -C 1,0,1
expect_eq "$(pollers | tr '\n' ' ')" "vale-poll-ea/0 vale-poll-eb/0 " "threads"
tcp B 10.0.0.2 A 1

step "what is polled is not detached, nor the module unloaded"
expect_fails 1 vale-ctl -d vale0:ea 2>/tmp/why
expect_match "$(cat /tmp/why)" 'vale-ctl -P vale0:ea'
expect_fails 1 vale-ctl -p vale0:ea -C 0,0
expect_fails 1 rmmod vale
ping_ok A 10.0.0.2
step "nor by valed, which says how to end it"
start_valed
expect_fails 1 vale-ctl detach vale0:ea 2>/tmp/why
expect_match "$(cat /tmp/why)" 'vale-ctl -P vale0:ea'
ping_ok A 10.0.0.2
kill "$valed_pid"
wait "$valed_pid" || true

step "polled no more"
vale-ctl -P vale0:eb
expect_eq "$(vale-ctl --direct --json show vale0:eb | jq .port.poll_cpu)" null "polled no more"
no_pollers eb || fail "the thread of eb is still there"
expect_fails 1 vale-ctl -P vale0:eb
ping_ok A 10.0.0.2
vale-ctl -P vale0:ea
ping_ok A 10.0.0.2

step "under traffic, on and off: every frame arrives, in order"
veth_here m0 m1
vale-ctl -a vale2:m0
background /tmp/conversation taskset -c 0 nmtalk netmap:m1 --to vale2:x --window 200 --seconds $((4 * slow)) --timeout $((20 * slow))
conversation=$!
eventually 10 flows vale2:m0
turns=0
while kill -0 "$conversation" 2>/dev/null; do
    vale-ctl -p vale2:m0 -C 0,0
    vale-ctl -P vale2:m0
    turns=$((turns + 1))
done
printf '%s times on and off\n' "$turns"
expect_ge "$turns" 3 "times on and off"
talk_went_well

step "a netdev is deleted while it is polled"
vale-ctl -p vale2:m0 -C 0,0
vale-ctl -p vale0:ea -C 0,0
background /tmp/flood in_ns A ping -q -f 10.0.0.2
eventually 10 flows vale0:ea
ip link del m0
no_pollers m0 || fail "its thread is still there"
ip link del ea
no_pollers ea || fail "its thread is still there"

step "a namespace is deleted while its switch polls"
ns W
held=$(refs)
ip -n W link add w0 type veth peer name w1
ip -n W link set w0 up
in_ns W vale-ctl -a vale0:w0
in_ns W vale-ctl -p vale0:w0 -C 0,0
expect_eq "$(pollers w0)" vale-poll-w0/0 "threads"
ip netns del W
eventually 10 no_pollers w0
eventually 10 [ "$(refs)" -le "$held" ]

step "a CPU a ring"
if [ "$(nproc)" -ge 2 ]; then
    ip link add q0 numrxqueues 2 numtxqueues 2 type veth peer name q1 numrxqueues 2 numtxqueues 2 netns B
    scenario_links+=(q0)
    ip -n B addr add 10.0.1.2/24 dev q1
    ip -n B link set q1 up
    ip link set q0 up
    vale-ctl -h vale0:q0
    ip addr add 10.0.1.1/24 dev q0
    vale-ctl -p vale0:q0 -C 1,0,2
    expect_eq "$(pollers q0 | tr '\n' ' ')" "vale-poll-q0/0 vale-poll-q0/1 " "threads"
    ping_ok B 10.0.1.1
    online=/sys/devices/system/cpu/cpu1/online
    if [ -w "$online" ]; then
        echo 0 >"$online"
        ping_ok B 10.0.1.1
        expect_eq "$(pollers q0 | wc -l)" 2 "threads"
        vale-ctl -P vale0:q0
        expect_fails 1 vale-ctl -p vale0:q0 -C 0,1
        echo 1 >"$online"
        vale-ctl -p vale0:q0 -C 0,1
        ping_ok B 10.0.1.1
    else
        printf 'its CPUs cannot be taken away\n'
    fi
    vale-ctl -P vale0:q0
    vale-ctl -d vale0:q0
else
    printf 'this machine has one CPU\n'
fi

step "nothing is left"
vale-ctl -d vale0:eb
no_pollers "" || fail "threads are left: $(pollers)"
expect_eq "$(vale-ctl)" "" "ports left"
expect_eq "$(refs)" 0 "references to the module"
