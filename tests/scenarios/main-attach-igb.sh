#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A igb NIC on a switch, with and without its host stack: ping and TCP pass; detached, all of it is as before.
#
#     [ns A] eth0 --- leg-A  vale0  igb0 ==outside== igb1 [ns B]
#                                   igb0^ (the host)
# needs: nic
# timeout: 90
# shellcheck source=tests/scenarios/nicpair.sh
. "$(dirname "$0")/nicpair.sh"

attach_and_give_back igb
