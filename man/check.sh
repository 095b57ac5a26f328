#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A man page must render, and without a single warning.
set -eu
warnings=$(MANROFFSEQ='' MANWIDTH=80 man --warnings -E UTF-8 -l "$1" 2>&1 >/dev/null)
if [ -n "$warnings" ]; then
  printf '%s\n' "$warnings"
  exit 1
fi
[ "$(MANWIDTH=80 man -E UTF-8 -l "$1" 2>/dev/null | wc -l)" -gt 10 ]
