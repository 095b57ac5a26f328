#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# e1000e, native: programs come and go under traffic; the link stays, and frames are lost at most while reception is stopped.
#
#     e1000e0 (host, programs) ==outside== e1000e1 [ns B: pktgen]
#
# timeout: 120
# needs: nic
# shellcheck source=tests/scenarios/nicpair.sh
. "$(dirname "$0")/nicpair.sh"
# shellcheck source=tests/scenarios/native.sh
. "$(dirname "$0")/native.sh"

# Fresh devices come with the driver of before.
at_end() { native_undo; }

# QEMU's e1000e drops what comes while its receiver is off, as hardware does.
no_flap e1000e e1000e "$cycles" 10000000 e1000_xmit_frame
