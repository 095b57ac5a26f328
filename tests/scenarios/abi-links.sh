#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# The tools that are links: tlem delays and loses, nmreplay sends a recording, dedup drops what came twice. Counted at both ends; what
# the models do in detail is shown by unit tests in a time of their own.
#
#     vale0:a --> vale0:b  tlem or dedup  vale1:c --> vale1:d          nmreplay vale0:a --> vale0:b
#
# timeout: 120
# shellcheck source=tests/scenarios/lib.sh
. "$(dirname "$0")/lib.sh"

received() { sed -n 's/^Received \([0-9]*\) packets.*/\1/p' "$1"; }

# between NAME TOOL ARGS...: the tool joins the two switches.
between() {
    local name=$1 tool=$2
    shift 2
    background "/tmp/$name" "$tool" -i vale0:b@conf:slots=4096 -i vale1:c@conf:slots=4096 -w 0 "$@"
    tool_pid=$!
    eventually 5 said "/tmp/$name" '^Ready to go'
}

tool_down() {
    kill -INT "$tool_pid"
    wait "$tool_pid" || fail "the tool ended with $?: $(cat "/tmp/$1")"
}

# receive NAME PORT OPTIONS...
receive() {
    local name=$1 port=$2
    shift 2
    background "/tmp/$name.rx" pkt-gen -i "$port@conf:slots=4096" -w 0 -T 20000 "$@"
    receiver_pid=$!
    eventually 5 said "/tmp/$name.rx" "^$port: "
}

# a receiver without a count: what was sent to it is in its ring by now, and it is told to end
receiver_down() {
    kill -INT "$receiver_pid"
    wait "$receiver_pid" || fail "the receiver ended with $?"
}

load_vale
step "tlem: all arrive, in order, and not before their time"
between tlem tlem -D 100ms -D 50ms
receive delay vale1:d -f rxseq -n 2000
pkt-gen -i vale0:a -f txseq -n 2000 >/tmp/tx
wait "$receiver_pid"
expect_eq "$(received /tmp/delay.rx)" 2000 "packets received"
grep -qx "Sequence errors: 0" /tmp/delay.rx || fail "$(tail -n 2 /tmp/delay.rx)"
background /tmp/pong pkt-gen -i vale1:d -f pong
pong_pid=$!
eventually 5 said /tmp/pong '^vale1:d: '
pkt-gen -i vale0:a -f ping -n 5 >/tmp/ping
kill -INT "$pong_pid"
wait "$pong_pid" || fail "the other end of ping ended with $?"
expect_ge "$(sed -n 's/^RTT min \([0-9]*\) .*/\1/p' /tmp/ping)" 150000000 "round trip through 100 and 50 ms"
tool_down tlem
expect_match "$(cat /tmp/tlem)" 'vale0:b -> vale1:c: 2005 packets in, 2005 out, 0 lost'
expect_match "$(cat /tmp/tlem)" 'vale1:c -> vale0:b: 5 packets in, 5 out'

step "tlem: loses a tenth"
between loss tlem -L 0.1 -v
receive lossy vale1:d -f rx
pkt-gen -i vale0:a -f tx -n 4000 >/tmp/tx
eventually 20 said /tmp/loss '4000 packets in, .* 0 on the way'
tool_down loss
receiver_down
got=$(received /tmp/lossy.rx)
expect_ge "$got" 3450 "of 4000, one in ten lost"
expect_le "$got" 3750 "of 4000, one in ten lost"
expect_match "$(tail -n 2 /tmp/loss)" "4000 packets in, $got out, $((4000 - got)) lost"

step "nmreplay: a recording arrives as it was, at a bandwidth"
receive record vale0:b -f rx -n 1 -X
cat >/tmp/make.awk <<'AWK'
# a pcap file of 50 frames of 125 bytes, the last byte counting
function byte(n) { printf "%c", n }
function le32(n) { byte(n % 256); byte(int(n / 256) % 256); byte(int(n / 65536) % 256); byte(int(n / 16777216)) }
BEGIN {
    byte(212); byte(195); byte(178); byte(161); byte(2); byte(0); byte(4); byte(0)
    le32(0); le32(0); le32(65535); le32(1)
    for (i = 1; i <= 50; i++) {
        le32(1); le32(i); le32(125); le32(125)
        for (j = 0; j < 6; j++) byte(255)
        byte(2); for (j = 0; j < 5; j++) byte(0)
        byte(136); byte(181)
        for (j = 14; j < 124; j++) byte(j)
        byte(i)
    }
}
AWK
LC_ALL=C gawk -b -f /tmp/make.awk >/tmp/recording.pcap
nmreplay -f /tmp/recording.pcap -i vale0:a -w 0 -B 100k >/tmp/replay
wait "$receiver_pid"
expect_match "$(cat /tmp/replay)" '^Sent 50 packets 6250 bytes in [0-9.]+ seconds, 0 lost'
seconds=$(sed -n 's/.* in \([0-9.]*\) seconds.*/\1/p' /tmp/replay)
expect_ge "$(tr -d . <<<"$seconds")" 50 "hundredths of a second for 50000 bit at 100 kbit/s"
expect_match "$(cat /tmp/record.rx)" '   0: ff ff ff ff ff ff 02 00 00 00 00 00 88 b5 0e 0f'
expect_match "$(cat /tmp/record.rx)" ' 112: 70 71 72 73 74 75 76 77 78 79 7a 7b 01 '

# deduplicate NAME OPTIONS...: ten equal packets and the recording twice go in; of each of the 51 different ones, one comes out.
deduplicate() {
    local name=$1
    shift
    between "$name" dedup "$@"
    receive "$name-out" vale1:d -f rx -n 51
    pkt-gen -i vale0:a -f tx -n 10 -b 10 >/tmp/tx
    for _ in 1 2; do nmreplay -f /tmp/recording.pcap -i vale0:a -w 0 -B 0 >/tmp/replay; done
    wait "$receiver_pid"
    tool_down "$name"
    expect_eq "$(received "/tmp/$name-out.rx")" 51 "packets left"
    expect_match "$(cat "/tmp/$name")" 'vale0:b -> vale1:c: 110 packets in, 51 forwarded, 59 duplicates, 0 dropped'
}

step "dedup: of ten equal packets one, of fifty different ones all"
deduplicate dedup -W 60000000 -F 60

step "dedup -H: packets are held for the window, and leave all the same"
deduplicate held -H -W $((2000000 * slow)) -F 200

step "mistakes"
expect_fails 2 tlem -i vale0:a
expect_fails 2 tlem -i vale0:a -i vale0:b -D 5h
expect_fails 2 nmreplay -i vale0:a
expect_fails 1 nmreplay -i vale0:a -f /nosuch
expect_fails 2 dedup -i vale0:a
