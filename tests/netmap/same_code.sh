#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The wrapper costs nothing: as many instructions as the macros, and no call. Argument: the object file, compiled with -O2.
set -euo pipefail

instructions() { objdump -d --no-show-raw-insn --disassemble="$2" "$1" | awk '/^ +[0-9a-f]+:/ { print $2 }' | grep -v '^nop'; }

for what in sum release; do
    wrapper=$(instructions "$1" "${what}_wrapper")
    macros=$(instructions "$1" "${what}_macros")
    echo "$what: wrapper $(wc -l <<<"$wrapper"), macros $(wc -l <<<"$macros") instructions"
    [ -n "$macros" ] && [ "$(wc -l <<<"$wrapper")" -le "$(wc -l <<<"$macros")" ]
    [ "$(grep -c '^call' <<<"$wrapper")" = 0 ]
done
