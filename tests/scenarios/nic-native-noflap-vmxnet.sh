#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# vmxnet3, native: programs come and go under traffic; the link stays, and frames are lost at most while the device is quiesced.
#
#     vmxnet0 (host, programs) ==outside== vmxnet1 [ns B: pktgen]
#
# timeout: 120
# needs: nic
# shellcheck source=tests/scenarios/nicpair.sh
. "$(dirname "$0")/nicpair.sh"
# shellcheck source=tests/scenarios/native.sh
. "$(dirname "$0")/native.sh"

# Fresh devices come with the driver of before.
at_end() { native_undo; }

# Closing quiesces the device and activates it again, which takes QEMU 4 ms and more.
no_flap vmxnet3 vmxnet "$cycles" 10000000 vmxnet3_xmit_frame
