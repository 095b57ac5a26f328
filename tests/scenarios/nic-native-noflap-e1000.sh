#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# e1000, native: programs come and go under traffic; the link stays and no frame is lost.
#
#     em0 (host, programs) ==outside== em1 [ns B: pktgen]
#
# timeout: 120
# needs: nic
# shellcheck source=tests/scenarios/nicpair.sh
. "$(dirname "$0")/nicpair.sh"
# shellcheck source=tests/scenarios/native.sh
. "$(dirname "$0")/native.sh"

# Fresh devices come with the driver of before.
at_end() { native_undo; }

# QEMU's e1000 takes nothing for a second after a write to RCTL, and then all that waited, or what the ring holds of it.
no_flap e1000 em "$cycles" 10000000
