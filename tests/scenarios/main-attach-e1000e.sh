#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A e1000e NIC on a switch, with and without its host stack: ping and TCP pass; detached, all of it is as before.
#
#     [ns A] eth0 --- leg-A  vale0  e1000e0 ==outside== e1000e1 [ns B]
#                                   e1000e0^ (the host)
# needs: nic
# timeout: 90
# shellcheck source=tests/scenarios/nicpair.sh
. "$(dirname "$0")/nicpair.sh"

attach_and_give_back e1000e
