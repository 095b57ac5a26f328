#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# RX queue 2 of a virtio-net NIC with four goes to a program, then to a switch; the host's TCP on another queue loses nothing.
#
#     [ns B] vmq1 ==outside== vmq0  queue 2: netmap:vmq0-2/R, then vale0:vmq0 ---> vale0:b
#                                     others:  the host, 10.0.0.9
# needs: mq
# timeout: 90
# shellcheck source=tests/scenarios/nicpair.sh
. "$(dirname "$0")/nicpair.sh"

bypass_one_queue vmq
