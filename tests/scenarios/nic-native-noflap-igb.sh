#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# igb, native: programs come and go under traffic; the link stays and hardly a frame is lost.
#
#     igb0 (host, programs) ==outside== igb1 [ns B: pktgen]
#
# timeout: 120
# needs: nic igb
# shellcheck source=tests/scenarios/nicpair.sh
. "$(dirname "$0")/nicpair.sh"
# shellcheck source=tests/scenarios/native.sh
. "$(dirname "$0")/native.sh"

# Fresh devices come with the driver of before.
at_end() { native_undo; }

# It drops what comes for a queue between its two writes to RXDCTL.
no_flap igb igb "$cycles" 10000000 igb_xmit_frame
