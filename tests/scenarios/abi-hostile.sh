#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Nonsense in the rings of both ends of a pipe, of their parent and of monitors on them, while all of these are synced: the
# kernel believes none of it. Afterwards a verified conversation on the same switch.
#
#     scribble --> vale0:p, vale0:p{1 ---- vale0:p}1 <-- monitors        sender ==> vale0 ==> receiver
# timeout: 60
# shellcheck source=tests/scenarios/topology.sh
. "$(dirname "$0")/topology.sh"

load_vale
step "pipes"
scribble --seconds 3 --port "vale0:p" --port "vale0:p{1" --port "vale0:p}1"
step "copies"
scribble --seconds 3 --seed 2 --port "vale0:p{1" --port "vale0:p}1" --port "vale0:p{1/rt" --port "vale0:p}1/rt"
step "zero copy, a chain"
scribble --seconds 3 --seed 3 --port "vale0:p{1" --port "vale0:p}1" --port "vale0:p}1/z" --port "vale0:p}1/z"
step "monitors of a VALE port"
scribble --seconds 1 --seed 4 --port "vale0:p" --port "vale0:p/z" --port "vale0:p/rt"
step "a conversation afterwards"
talk /tmp/talk vale0:a --to vale0:b --count $((million / 20)) --min 60
expect_eq "$(report /tmp/talk recv frames)" "$(report /tmp/talk send frames)" "frames received and verified"
