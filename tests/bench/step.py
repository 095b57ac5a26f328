# SPDX-License-Identifier: BSD-2-Clause
"""Instruction by instruction through vale_ring_txsync, of a User Mode Linux that runs "switchbench endless": a sync with nothing
to do and one with a batch, in turns. Rows (what the batch takes more, in all and by function) go to a file.

    gdb -p PID -batch -x step.py      environment: STEP_MODULE (vale.ko), STEP_KERNEL (linux), STEP_TEXT (address of the
                                      module's .text), STEP_BATCH, STEP_LEN, STEP_ROWS (the file)
"""
import bisect
import collections
import json
import os
import subprocess

import gdb  # pylint: disable=import-error

START = "vale_ring_txsync"
MOST = 200000
SYNCS = 12  # the first ones may not know their way yet
SIGNALS = ("SIGSEGV", "SIGUSR1", "SIGUSR2", "SIGIO", "SIGCHLD", "SIGPROF", "SIGVTALRM")


def symbols(command, wanted):
    """Sorted (address, name) of the lines of that command's output for which wanted() has them."""
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return sorted(filter(None, map(wanted, out.splitlines())))


def of_module(line):
    fields = line.split()
    if len(fields) > 5 and " F " in line and fields[-3] == ".text":
        return int(fields[0], 16) + int(os.environ["STEP_TEXT"], 16), fields[-1]
    return None


def of_kernel(line):
    fields = line.split()
    return (int(fields[0], 16), fields[2]) if len(fields) == 3 and fields[1] in "tTwW" else None


class Names:
    def __init__(self):
        self.known = symbols(["objdump", "-t", os.environ["STEP_MODULE"]], of_module)
        self.start = next(address for address, name in self.known if name == START)
        self.known = sorted(self.known + symbols(["nm", os.environ["STEP_KERNEL"]], of_kernel))

    def of(self, address):
        return self.known[bisect.bisect_right(self.known, (address, "~")) - 1][1]


def register(name):
    return int(gdb.parse_and_eval(f"(unsigned long)${name}"))


def step_through():
    """Addresses of the instructions until the function that has just been entered returns."""
    top = register("sp")
    back = int(gdb.parse_and_eval("*(unsigned long *)$sp"))
    taken = []
    gdb.execute("handle SIGALRM nostop noprint nopass", to_string=True)
    while len(taken) < MOST:
        at = register("pc")
        if at == back and register("sp") > top:
            break
        taken.append(at)
        gdb.execute("stepi", to_string=True)
    gdb.execute("handle SIGALRM nostop noprint pass", to_string=True)
    return taken


def row(what, value):
    batch, length = os.environ["STEP_BATCH"], os.environ["STEP_LEN"]
    return {"row": f"a sync of {batch}, {length} B: {what}", "unit": "", "value": value}


def rows(names, empty, full):
    yield row("instructions more than an empty one", len(full) - len(empty))
    for what, size in (("lines of code, 64 bytes", 64), ("pages of code", 4096)):
        yield row(f"{what}, more", len({a // size for a in full} - {a // size for a in empty}))
    before = collections.Counter(map(names.of, empty))
    for name, count in collections.Counter(map(names.of, full)).items():
        if count != before[name]:
            yield row(name, count - before[name])


def main():
    names = Names()
    for signal in SIGNALS:
        gdb.execute(f"handle {signal} nostop noprint pass", to_string=True)
    gdb.execute("handle SIGALRM nostop noprint pass", to_string=True)
    gdb.execute(f"hbreak *{names.start:#x}", to_string=True)
    syncs = []
    for _ in range(SYNCS):
        gdb.execute("continue", to_string=True)
        syncs.append(step_through())
    with open(os.environ["STEP_ROWS"], "a", encoding="ascii") as out:
        for found in rows(names, min(syncs[-2:], key=len), max(syncs[-2:], key=len)):
            out.write(json.dumps(found) + "\n")


gdb.execute("set pagination off")
gdb.execute("set confirm off")
main()
