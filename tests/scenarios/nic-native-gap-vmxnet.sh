#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# vmxnet3, native: a stream to the host while transmission changes hands 50 times; nothing is lost, the link stays.
#
#     [ns B: pktgen] vmxnet1 ==outside== vmxnet0  RX ring: the host, 10.0.0.9: udpgaps
#                                           TX ring: netmap:vmxnet0/T, again and again
#
# timeout: 120
# needs: nic
# shellcheck source=tests/scenarios/nicpair.sh
. "$(dirname "$0")/nicpair.sh"
# shellcheck source=tests/scenarios/native.sh
. "$(dirname "$0")/native.sh"
# shellcheck source=tests/scenarios/gap.sh
. "$(dirname "$0")/gap.sh"

# Fresh devices come with the driver of before.
at_end() { native_undo; }

untouched vmxnet3 vmxnet /T
