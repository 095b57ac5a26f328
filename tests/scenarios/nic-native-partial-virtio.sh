#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# virtio_net, native: queue 1 of four changes hands 100 times; the host's TCP on another loses nothing, and the link stays.
#
#     [ns B] vmq1 ==outside== vmq0  queue 1: netmap:vmq0-1, again and again
#                                   others:  the host, 10.0.0.9
# timeout: 150
# needs: nic mq
# shellcheck source=tests/scenarios/nicpair.sh
. "$(dirname "$0")/nicpair.sh"
# shellcheck source=tests/scenarios/native.sh
. "$(dirname "$0")/native.sh"

# Fresh devices come with the driver of before.
at_end() { rm -f /tmp/sending && native_undo; }

one_queue_flaps virtio_net vmq "$cycles"
