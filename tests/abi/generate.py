#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Turn netmap-abi.tsv into the row macros of kmod/core/abi_table.h.

generate.py           write the header
generate.py --check   exit 1 unless the committed header is what would be written
"""
import collections
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
TSV = HERE / "netmap-abi.tsv"
HEADER = HERE.parent.parent / "kmod" / "core" / "abi_table.h"

PROLOGUE = """\
/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Made by tests/abi/generate.py from tests/abi/netmap-abi.tsv: one row per
 * fact of the ABI. Whoever includes this says what a row means. No guard.
 */
"""


def struct(owner, name, size, align, _type):
    return f"ABI_STRUCT({name}, {size}, {align})"


def field(owner, name, offset, size, type_):
    if type_ == "struct{}[]":
        return f"ABI_FLEX_ANON({owner}, {name}, {offset})"
    if size == "0":
        return f"ABI_FLEX({owner}, {name}, {offset}, {type_})"
    return f"ABI_FIELD({owner}, {name}, {offset}, {size}, {type_})"


def value(macro):
    def row(_owner, name, number, _hex, type_):
        if type_ == "string":
            return f'ABI_STRING({name}, "{number}")'
        return f"{macro}({name}, {number}u)"
    return row


def ioctl(_owner, name, number, _hex, parts):
    part = dict(item.split("=") for item in parts.split(","))
    return "ABI_IOCTL({}, {}u, {}, '{}', {}, {})".format(
        name, number, part["dir"], part["type"], part["nr"], part["size"])


def fnmacro(_owner, name, _value, _hex, _type):
    return f"ABI_FNMACRO({name})"


ROWS = {
    "struct": struct,
    "field": field,
    "macro": value("ABI_MACRO"),
    "const": value("ABI_MACRO"),
    "enum": value("ABI_ENUM"),
    "ioctl": ioctl,
    "fnmacro": fnmacro,
}


def generate():
    lines = TSV.read_text().splitlines()[1:]
    rows, seen = [], collections.Counter()
    for line in lines:
        kind, *columns = line.split("\t")
        columns += [""] * (5 - len(columns))
        rows.append(ROWS[kind](*columns))
        seen[rows[-1]] += 1
    twice = [row for row, count in seen.items() if count > 1]
    if twice:
        sys.exit(f"generate.py: listed twice: {twice}")
    return PROLOGUE + "\n".join(rows) + f"\nABI_ROWS({len(lines)})\n"


def main():
    text = generate()
    if sys.argv[1:] == ["--check"]:
        if HEADER.read_text() != text:
            sys.exit(f"{HEADER} is not what {TSV.name} says: run generate.py")
    elif sys.argv[1:]:
        sys.exit(__doc__)
    else:
        HEADER.write_text(text)


main()
