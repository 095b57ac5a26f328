#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# RX queue 2 of a igb NIC with four goes to a program, then to a switch; the host's TCP on another queue loses nothing.
#
#     [ns B] igb1 ==outside== igb0  queue 2: netmap:igb0-2/R, then vale0:igb0 ---> vale0:b
#                                     others:  the host, 10.0.0.9
# needs: igb
# timeout: 90
# shellcheck source=tests/scenarios/nicpair.sh
. "$(dirname "$0")/nicpair.sh"

bypass_one_queue igb
