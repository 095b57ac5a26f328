#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# igb, native: a stream by queue 0 while queue 1 of four changes hands 50 times; nothing is lost, the link stays.
#
#     [ns B: pktgen] igb1 ==outside== igb0  queue 0: the host, 10.0.0.9: udpgaps
#                                           queue 1: netmap:igb0-1, again and again
#
# timeout: 120
# needs: nic igb
# shellcheck source=tests/scenarios/nicpair.sh
. "$(dirname "$0")/nicpair.sh"
# shellcheck source=tests/scenarios/native.sh
. "$(dirname "$0")/native.sh"
# shellcheck source=tests/scenarios/gap.sh
. "$(dirname "$0")/gap.sh"

# Fresh devices come with the driver of before.
at_end() { native_undo; }

untouched igb igb -1
