#!/usr/bin/env python3
"""Random small networks: FP32 beside ONNX Runtime, int8 the same bytes on every machine.   `make test-differential N=700` calls it.

A network that fails keeps its files below build/differential/, and `--first SEED --count 1` runs it again."""

import argparse
import multiprocessing
import shutil
import statistics
import sys
from collections import Counter
from pathlib import Path

import comparison
import machines

WORK = machines.ROOT / "build/differential"


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=50, help="networks (default 50)")
    parser.add_argument("--first", type=int, default=0, help="the first one's seed (default 0)")
    parser.add_argument("--processes", type=int, default=2, help="networks at a time (default 2)")
    parser.add_argument("--all-threads", action="store_true",
                        help="every thread count on every emulated processor, in place of one by turns: four times as slow")
    return parser.parse_args(arguments)


def main():
    options = parse(sys.argv[1:])
    WORK.mkdir(parents=True, exist_ok=True)
    boards, missing = machines.boards()
    try:
        here = machines.this_machine()
    except (OSError, machines.Failure) as error:
        print(f"differential: {error}; `make host` builds the tools", file=sys.stderr)
        return 1
    plan = comparison.Plan(here, machines.unlike_cores(WORK / "cpu"), boards, options.all_threads)
    for line in [*plan.description(), *missing]:
        print(line)
    passed, kinds, ratios = 0, Counter(), []
    seeds = range(options.first, options.first + options.count)
    with multiprocessing.Pool(options.processes) as pool:
        for result in pool.imap(comparison.Check(plan, WORK), seeds):
            kinds.update(result.kinds)
            if result.ratio is not None:
                ratios.append(result.ratio)
            if not result.failures:
                passed += 1
                continue
            for failure in result.failures:
                print(f"seed {result.seed}: {failure}".replace(f"{machines.ROOT}/", ""), flush=True)
            print(f"seed {result.seed}: {result.options}; its files are in {result.folder}".replace(f"{machines.ROOT}/", ""), flush=True)
    shutil.rmtree(WORK / "cpu")
    print("nodes: " + ", ".join(f"{count} {kind}" for kind, count in kinds.most_common()))
    if ratios:
        print(f"int8 beside FP32: SQNR {statistics.median(ratios):.1f} dB in the median, {min(ratios):.1f} dB at worst")
    failed = options.count - passed + len(missing)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
