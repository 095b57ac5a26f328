#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Ports until there is no memory for another: the answer is ENOMEM, no process is killed for it, who has ports goes on
# working, and what is closed can be had again.
#
#     nmfill:  valef0:p0 valef0:p1 ... until refused          vale0:a ===verified===> vale0:b
# timeout: 240
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

# Reclaiming a page that a process has mapped: flush_tlb_page() there only notes it for the next time that process enters the kernel, and on
# another CPU it goes on in a page that is somebody else's by then (arch/um/include/asm/tlbflush.h of 7.2; nmtalk once died of it).
[ "$VALE_MACHINE" != uml-7.2 ] || skip "User Mode Linux with several CPUs cannot take mapped pages away"

oom_kills() { awk '$1 == "oom_kill" { print $2 }' /proc/vmstat; }

load_vale
kills=$(oom_kills)
memory=$(available)
start_talk 200 vale0:a --to vale0:b

step "default ports, $memory MiB available"
start_fill valef
full valef
expect_ge "$filled" $((memory / 12)) "ports of some 6 MiB"
first=$filled

step "what was refused is not there"
expect_eq "$(members valef0 | wc -l)" "$((first < 254 ? first : 254))" "members"

step "small ones, as far as they fit"
start_fill valeg --slots 64
full valeg
start_fill valeh --slots 16 --extra 8
full valeh

step "processes start while there is none, and the traffic goes on"
for round in $(seq 20); do
    expect_fails 7 sh -c 'exit 7'
done
still_talking "when memory ran out"

step "all are closed; as many can be had again"
empty valeh
empty valeg
empty valef
start_fill valef
full valef
expect_ge "$filled" $((first * 95 / 100)) "ports"
empty valef

step "four at once"
for name in valeq valer vales valet; do start_fill $name; done
for name in valeq valer vales valet; do full $name; done
still_talking "when four had filled the memory"
for name in valeq valer vales valet; do empty $name; done

step "no process was killed for it"
expect_eq "$(oom_kills)" "$kills" "processes killed"
expect_eq "$(kernel_says list | jq '.ports | length')" 2 "ports left"
