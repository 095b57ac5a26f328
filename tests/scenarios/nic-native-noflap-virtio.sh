#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# virtio_net, native: programs come and go under traffic; the link stays and no frame is lost.
#
#     virtio0 (host, programs) ==outside== virtio1 [ns B: pktgen]
#
# timeout: 120
# needs: nic
# shellcheck source=tests/scenarios/nicpair.sh
. "$(dirname "$0")/nicpair.sh"
# shellcheck source=tests/scenarios/native.sh
. "$(dirname "$0")/native.sh"

# Fresh devices come with the driver of before.
at_end() { native_undo; }

# Nothing of a virtqueue is stopped.
no_flap virtio_net virtio "$cycles" 1000000
