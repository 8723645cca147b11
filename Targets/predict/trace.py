"""How often each block of code is executed, from qemu's log of translated blocks."""

import re
import subprocess
from collections import Counter
from dataclasses import dataclass, field

QEMU = {"aarch64": "qemu-aarch64-static", "armv7": "qemu-arm-static", "x86_64": "qemu-x86_64-static"}


@dataclass
class Run:
    """One thread's share of one operator."""
    executions: Counter = field(default_factory=Counter)  # of the block that begins at an address
    repeats: Counter = field(default_factory=Counter)     # of those, how often the block followed itself


class Parser:
    """Reads lines such as `0x00213600:  f8408441  ldr x1, [x2], #8` (what a block holds) and
    `Trace 0: 0x7f59ea400100 [0000000000001001/00000000002135c0/00000001/00000200] f` (a block is executed)."""

    def __init__(self, begin, end):
        self.begin, self.end = begin, end
        self.blocks = {}  # address: [addresses of its instructions]
        self.runs = []
        self.run = None
        self.previous = None
        self.listing = None

    def line(self, line):
        if line.startswith("Trace"):
            address = int(line.split("/", 2)[1], 16)
            if address == self.begin:
                self.run, self.previous = Run(), None
            elif address == self.end:
                self.runs.append(self.run)
                self.run = None
            elif self.run:
                self.run.executions[address] += 1
                if address == self.previous:
                    self.run.repeats[address] += 1
                self.previous = address
        elif line.startswith("0x"):
            address = int(line[: line.index(":")], 16)
            if self.listing is None:
                self.listing = self.blocks[address] = []
            self.listing.append(address)
        else:
            self.listing = None  # `IN: function` and an empty line stand around a block


UNTIMED = re.compile(r"pack|layout|^main$|^bytes$|^factors$")  # functions that run before the network does


def functions(program):
    """[(name, address, size)], by address."""
    text = subprocess.run(["/usr/lib/llvm-19/bin/llvm-nm", "-S", "-n", program], check=True, capture_output=True, text=True).stdout
    rows = [line.split() for line in text.splitlines()]
    return [(row[3], int(row[0], 16), int(row[1], 16)) for row in rows if len(row) == 4 and row[2] in "tTW"]


def ranges(table):
    """[(first, end)] of neighboring functions that a run may be in: qemu logs these alone, as packing would be most of the log."""
    result, joins = [], False
    for name, address, size in table:
        timed = not UNTIMED.search(name)
        if timed and joins:
            result[-1] = (result[-1][0], address + size)
        elif timed:
            result.append((address, address + size))
        joins = timed
    return result


def record(program, architecture, cpu, operators, threads):
    """(what the driver says of each operator, {address: addresses of the block's instructions}, [Run] in the driver's order)."""
    table = functions(program)
    addresses = {name: address for name, address, _ in table}
    parser = Parser(addresses["predict_begin"], addresses["predict_end"])
    logged = ",".join(f"{first:#x}+{end - first:#x}" for first, end in ranges(table))
    command = [QEMU[architecture], "-cpu", cpu, "-d", "in_asm,exec,nochain", "-dfilter", logged, program, *map(str, threads)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace")
    process.stdin.write("".join(operator.line() + "\n" for operator in operators))
    process.stdin.close()
    for line in process.stderr:
        parser.line(line)
    said = process.stdout.read().splitlines()
    if process.wait() != 0 or len(said) != len(operators):
        raise SystemExit(f"predict: {program.name} failed under {command[0]}")
    return [line.split() for line in said], parser.blocks, parser.runs
