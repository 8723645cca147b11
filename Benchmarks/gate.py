#!/usr/bin/env python3
"""Counts the instructions that kernels take for a small network, by callgrind, and fails where one takes more than the committed counts.

Counts do not depend on the machine's load or clock: with the same compiler they are the same to the last one. So a kernel that got 3 %
slower is seen where no clock would. Faster kernels are named, and `--update` writes the new counts down.
"""
import argparse
import collections
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
COUNTS = HERE / "instructions.json"
NETWORK = "MobileNetV3_small_x0_35"
WORKLOADS = {"int8 avx2": ("int8", "avx2"), "fp32 avx2": ("fp32", "avx2"), "int8 scalar": ("int8", "scalar")}
TOTAL = "all kernels"
SMALLEST = 0.001  # of all kernels' instructions, to have a count of one's own


def function_costs(lines):
    """{function: instructions of its own} of a callgrind.out file's lines.

    >>> function_costs(["fn=(1) run", "5 10", "+2 5", "cfn=(2) tile", "calls=1 9", "7 100", "fn=(2)", "9 100"])
    {'run': 15, 'tile': 100}
    """
    names, costs, current, is_call = {}, collections.Counter(), None, False
    for line in lines:
        name = re.match(r"(c?fn)=\((\d+)\)(?: (.*))?", line)
        if name:
            if name[3]:
                names[name[2]] = name[3].strip()
            if name[1] == "fn":
                current = name[2]
        elif line.startswith("calls="):
            is_call = True
        elif current and re.match(r"[+\-*\d]", line):
            # The line after calls= has the callee's cost, which stands at the callee, too.
            if not is_call and len(line.split()) > 1:
                costs[names[current]] += int(line.split()[1])
            is_call = False
    return dict(costs)


def kernel_counts(costs, kernels):
    """Those of the kernels' functions that matter, and of all together.

    >>> kernel_counts({"run": 1000, "tiny": 1, "main": 99}, {"run", "tiny"})
    {'all kernels': 1001, 'run': 1000}
    """
    total = sum(count for name, count in costs.items() if name in kernels)
    large = sorted(name for name in kernels if costs.get(name, 0) >= SMALLEST * total)
    return {TOTAL: total, **{name: costs[name] for name in large if costs.get(name)}}


def changes(before, after, threshold):
    """([slower], [faster]) as (function, before, after), by more than the threshold. A function with another name is in the total.

    >>> changes({"a": 1000, "b": 1000}, {"a": 1030, "b": 1001}, 0.005)
    ([('a', 1000, 1030)], [])
    """
    both = [(name, before[name], after[name]) for name in before if name in after]
    return (
        [row for row in both if row[2] > row[1] * (1 + threshold)],
        [row for row in both if row[2] < row[1] * (1 - threshold)],
    )


def kernel_functions(objects):
    """Names of the functions that the kernels' object files define."""
    files = sorted(str(path) for path in Path(objects).rglob("*.o"))
    if not files:
        sys.exit(f"gate: no object files in {objects}: run make host")
    listed = subprocess.run(["nm", "--defined-only", *files], check=True, capture_output=True, text=True).stdout
    return {match[1] for match in re.finditer(r" [tT] (\S+)$", listed, re.MULTILINE)}


def measure(program, precision, isa, kernels, folder):
    out = Path(folder) / "callgrind.out"
    environment = {**os.environ, "SWIFTLET_ISA": isa}
    command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", str(program), "bench", "--arch", NETWORK]
    # Two pictures: a run of one is divided by the caches of the machine.
    command += ["--precision", precision, "--batch", "2", "--runs", "1", "--warmup", "0"]
    run = subprocess.run(command, capture_output=True, text=True, env=environment)
    if run.returncode:
        sys.exit(f"gate: {' '.join(command)} failed:\n{run.stderr[-2000:]}")
    with open(out) as lines:
        return kernel_counts(function_costs(lines), kernels)


def has_avx2():
    return re.search(r"^flags.*\bavx2\b", Path("/proc/cpuinfo").read_text(), re.MULTILINE) is not None


def gate(options):
    counts = json.loads(COUNTS.read_text())
    kernels = kernel_functions(options.objects)
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        # Valgrind of Debian 12 does not read this compiler's debugging information.
        program = Path(folder) / "swiftlet"
        subprocess.run(["objcopy", "--strip-debug", options.swiftlet, program], check=True)
        for name, (precision, isa) in WORKLOADS.items():
            if isa == "avx2" and not has_avx2():
                print(f"gate: {name} skipped: this processor has no AVX2")
                continue
            after = measure(program, precision, isa, kernels, folder)
            slower, faster = changes(counts["workloads"].get(name, {}), after, counts["threshold"])
            for verdict, rows in [("SLOWER", slower), ("faster", faster)]:
                for function, old, new in rows:
                    print(f"gate: {name}: {function}: {old} instructions, now {new} ({(new / old - 1) * 100:+.2f} %): {verdict}")
            failures += len(slower)
            print(f"gate: {name}: {after[TOTAL]} instructions in {len(after) - 1} functions of kernels")
            if options.update:
                counts["workloads"][name] = after
    if options.update:
        COUNTS.write_text(json.dumps(counts, indent=1) + "\n")
        return 0
    if failures:
        print(f"gate: {failures} counts are above Benchmarks/instructions.json; where that is meant: Benchmarks/gate.py --update")
    return int(failures > 0)


def main():
    parser = argparse.ArgumentParser(description="instructions of kernels, beside the committed ones")
    parser.add_argument("--update", action="store_true", help="write the counts down")
    parser.add_argument("--swiftlet", default=ROOT / "build/swiftlet")
    parser.add_argument("--objects", default=ROOT / ".build/release/CKernels.build", help="the folder of the kernels' object files")
    sys.exit(gate(parser.parse_args()))


if __name__ == "__main__":
    main()
