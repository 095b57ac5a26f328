#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A tenant overwrites ring indices, buffer indices, lengths, flags and pointers during its own syncs, with 2 processes that
# share its mapping. Verified traffic of others on that switch goes on, and memory of a third tenant stays untouched.
#
#     scribblers --> hs ===> hr          sender ===> receiver
#                     \______ vale0 ______/ \________/ \____ guard
# timeout: 90
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

load_vale
for seed in 1 2 3; do
    step "seed $seed"
    hostile vale0 --seconds 4 --seed "$seed"
done
