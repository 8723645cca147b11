"""Cycles of blocks of code on a core, by llvm-mca; and how much of the core's multiply-accumulates a block uses."""

import json
import re
import subprocess

MCA = "/usr/lib/llvm-19/bin/llvm-mca"
TRIPLES = {"aarch64": "aarch64-linux-gnu", "armv7": "armv7-linux-gnueabihf", "x86_64": "x86_64-linux-gnu"}
ATTRIBUTES = {"aarch64": "+dotprod,+i8mm", "armv7": "+neon", "x86_64": ""}  # so that every instruction is read; the model is the core's
TURNS = 100  # a block is repeated so often

def widening(steps, sums, products):
    """The three instructions of 16 products in two 16-bit halves, on `sums` accumulators, `products` at a time, so that an in-order core
    waits for none."""
    groups = [range(first, first + products) for first in range(0, sums, products)]
    return [step.format(sums + i % products, i) for group in groups for step in steps for i in group]


# What Sources/CKernels/peak.c repeats, and the same for ARMv7.
PEAKS = {
    ("aarch64", "neon"): widening(("smull v{0}.8h, v30.8b, v31.8b", "smlal2 v{0}.8h, v30.16b, v31.16b", "sadalp v{1}.4s, v{0}.8h"), 16, 8),
    ("aarch64", "neon_dotprod"): [f"sdot v{i}.4s, v30.16b, v31.16b" for i in range(16)],
    ("aarch64", "neon_i8mm"): [f"smmla v{i}.4s, v30.16b, v31.16b" for i in range(16)],
    ("armv7", "neon"): widening(("vmull.s8 q{0}, d28, d30", "vmlal.s8 q{0}, d29, d31", "vpadal.s16 q{1}, q{0}"), 8, 4),
    ("x86_64", "avx2"): [op for i in range(12) for op in ("vpmaddwd %ymm15, %ymm14, %ymm13", f"vpaddd %ymm13, %ymm{i}, %ymm{i}")],
}


def of_blocks(blocks, architecture, core):
    """{name: (cycles a turn in a loop of its own, cycles that its resources are busy)} of {name: [lines of assembly]}."""
    text = []
    for name, lines in blocks.items():
        text += [f"# LLVM-MCA-BEGIN {name}", *lines, "# LLVM-MCA-END"]
    command = [MCA, f"-mtriple={TRIPLES[architecture]}", f"-mcpu={core['mca']}", f"-iterations={TURNS}", "-json"]
    if ATTRIBUTES[architecture]:
        command.append(f"-mattr={ATTRIBUTES[architecture]}")
    done = subprocess.run(command, input="\n".join(text) + "\ntarget:\n", capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"predict: llvm-mca: {done.stderr[:2000]}")
    result = {}
    for region in json.loads(done.stdout)["CodeRegions"]:
        summary = region["SummaryView"]
        result[region["Name"]] = (summary["TotalCycles"] / TURNS, summary["BlockRThroughput"])
    missing = set(map(str, blocks)) - set(result)
    if missing:
        raise SystemExit(f"predict: llvm-mca did not tell the cycles of {len(missing)} blocks")
    return {name: result[str(name)] for name in blocks}


def macs(lines):
    """int8 multiply-accumulates that one pass over a block of code does.

    >>> macs(["sdot\\tv0.4s, v1.16b, v2.4b[0]", "smlal2\\tv3.8h, v1.16b, v2.16b", "smull v0.4s, v1.4h, v2.4h", "add x0, x0, #1"])
    28
    >>> macs(["vpmaddwd\\t%ymm1, %ymm2, %ymm3", "vpdpbusd %ymm1, %ymm2, %ymm3"])
    48
    >>> macs(["vmull.s8\tq8, d28, d30", "vmlal.s8\tq8, d29, d31", "vmlal.s16\tq8, d2, d0[1]", "vpadal.s16 q0, q8"])
    20
    """
    total = 0
    for line in lines:
        line = line.removeprefix(".arm\n")
        if re.match(r"sdot\s", line):
            total += 16
        elif re.match(r"smmla\s", line):
            total += 32
        elif match := re.match(r"sml?[au]ll?2?\s+v\d+\.(8h|4s)", line):
            total += {"8h": 8, "4s": 4}[match[1]]
        elif match := re.match(r"vml?[au]ll?\.s(8|16)\s+q", line):
            total += 64 // int(match[1])
        elif re.match(r"vpmaddwd\s.*%ymm", line):
            total += 16
        elif re.match(r"vpdpbusd\s.*%ymm", line):
            total += 32
    return total


def peak(isa, architecture, core):
    """Multiply-accumulates a cycle that the core's model does when it does nothing else."""
    loop = PEAKS[architecture, isa]
    alone, busy = of_blocks({"peak": loop}, architecture, core)["peak"]
    return macs(loop) / (alone if core["in_order"] else busy)
