#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A virtio-net NIC on a switch, with and without its host stack: ping and TCP pass; detached, all of it is as before.
#
#     [ns A] eth0 --- leg-A  vale0  virtio0 ==outside== virtio1 [ns B]
#                                   virtio0^ (the host)
# needs: nic
# timeout: 90
# shellcheck source=tests/scenarios/nicpair.sh
. "$(dirname "$0")/nicpair.sh"

attach_and_give_back virtio
