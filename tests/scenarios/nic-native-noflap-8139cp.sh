#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# 8139cp, native: programs come and go under traffic; the link stays, and frames are lost at most while the chip is stopped.
#
#     rtl0 (host, programs) ==outside== rtl1 [ns B: pktgen]
#
# timeout: 120
# needs: nic
# shellcheck source=tests/scenarios/nicpair.sh
. "$(dirname "$0")/nicpair.sh"
# shellcheck source=tests/scenarios/native.sh
. "$(dirname "$0")/native.sh"

# Fresh devices come with the driver of before.
at_end() { native_undo; }

no_flap 8139cp rtl "$cycles" 10000000 "$cycles"
