#!/usr/bin/env python3
"""Predicted times of models on boards.   usage: predict.py [--board FILE.json]... [--layers] [--validate] MODEL.slet...

Traces every operator's kernels under qemu, takes the cycles of each block of machine code from llvm-mca for the board's core, and adds a
term for memory. Without --board: every profile in Targets/ that llvm-mca has a model for. --validate does the same for this x86 machine
and compares it with `swiftlet bench --profile`. Nothing here was measured on a board. Targets/README.md describes the method and its
weakest assumption.
"""

import argparse
import json
import os
import statistics
import subprocess
from pathlib import Path

import operators
import prediction

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def table(layers, threads):
    columns = "".join(f"{f'{n} thr. us':>11}" for n in threads)
    print(f"  {'operator':24} {'kernel':30} {'cycles':>9} {'MAC/cycle':>9} {'loop %':>6} {'memory us':>9}{columns}")
    for layer in layers:
        loop = f"{layer.share * 100:.0f}" if layer.share else ""
        print(
            f"  {layer.operator.name:24} {layer.kernel:30} {layer.cycles:9.0f} {layer.operator.macs / layer.cycles:9.1f} {loop:>6} "
            f"{layer.memory_ns / 1000:9.1f}" + "".join(f"{layer.ns[n] / 1000:11.1f}" for n in threads))


def predict(board, name, model, folder, with_layers):
    result = prediction.Prediction(board, model, folder)
    cluster = board["clusters"][0]
    print(f"{name} on {board['name']} ({cluster['core']}, {cluster['mhz']} MHz, {result.isa}), predicted:")
    if with_layers:
        table(result.layers, result.threads)
    print("  " + ", ".join(f"{n} thread{'s' if n > 1 else ''} {result.total_ms(n):.2f} ms" for n in result.threads))
    memory = sum(layer.memory_ns for layer in result.layers) / 1e6
    busy = sum(layer.cycles for layer in result.layers) / cluster["mhz"] / 1000
    overlap = "" if result.core["in_order"] else " (of which weights are taken to overlap)"
    print(f"  1 thread: computing {busy:.2f} ms, data beyond L1 {memory:.2f} ms{overlap}")
    convolutions = [layer for layer in result.layers if layer.operator.kind == "conv_s8" and layer.operator.fields["in_h"] > 1]
    loops = [layer.share * 100 for layer in convolutions if layer.share]
    whole = [layer.operator.macs / layer.cycles / result.peak * 100 for layer in convolutions]
    loop = f"{min(loops):.0f} to {max(loops):.0f} %" if loops else "none"
    print(
        f"  convolutions on maps, of the core's peak of {result.peak:.1f} MAC/cycle: "
        f"whole {min(whole):.0f} to {max(whole):.0f} %, median {statistics.median(whole):.0f} %; "
        f"inner loops alone {loop} ({len(loops)} of {len(convolutions)} turn more than once a tile)")
    for row in board["reference"]:
        if row["model"] == name:
            threads = f"{row['threads']} thread{'s' if row['threads'] > 1 else ''}"
            print(f"  published: {row['runtime']} {row['precision']}, {threads}: {row['ms']} ms")
    print(flush=True)


def measured(path, swiftlet):
    """{operator: nanoseconds}: the least of three medians, since others may use the machine too."""
    environment = {**os.environ, "SWIFTLET_ISA": "avx2"}
    runs = []
    for _ in range(3):
        command = [swiftlet, "bench", path, "--profile", "--json", "-"]
        text = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
        runs.append({row["name"]: row["ns"] for row in json.loads(text)["rows"][0]["operators"]})
    return {name: min(run[name] for run in runs) for name in runs[0]}


def errors(pairs):
    """(of the total, mean over layers weighted by their time) of [(predicted, measured)], as shares.

    >>> errors([(110, 100), (90, 100)])
    (0.0, 0.1)
    """
    total = sum(measured for _, measured in pairs)
    return sum(predicted for predicted, _ in pairs) / total - 1, sum(abs(predicted - measured) for predicted, measured in pairs) / total


def validate(name, model, path, folder, swiftlet, with_layers):
    board = json.loads((HERE / "zen4-server.json").read_text())
    result = prediction.Prediction(board, model, folder)
    times = measured(path, swiftlet)
    print(f"{name} on this machine ({result.isa}, taken for: {board['name']}, {board['clusters'][0]['mhz']} MHz), predicted and measured:")
    kinds = {}
    for layer in result.layers:
        pair = (layer.ns[1], times[layer.operator.name])
        if with_layers:
            error = (pair[0] / pair[1] - 1) * 100
            print(f"  {layer.operator.name:24} {layer.kernel:30} {pair[0] / 1000:8.1f} us {pair[1] / 1000:8.1f} us {error:+5.0f} %")
        kinds.setdefault(layer.operator.kind, []).append(pair)
    kinds["all"] = [pair for pairs in list(kinds.values()) for pair in pairs]
    for kind, pairs in kinds.items():
        total, mean = errors(pairs)
        print(
            f"  {kind:16} predicted {sum(p for p, _ in pairs) / 1e6:6.3f} ms, measured {sum(m for _, m in pairs) / 1e6:6.3f} ms: "
            f"{total * 100:+.0f} % in total, {mean * 100:.0f} % a layer")
    print(flush=True)


def profiles():
    return [path for path in sorted((ROOT / "Targets").glob("*.json")) if not path.name.endswith(".toolset.json")]


def main():
    parser = argparse.ArgumentParser(description="predicted times of models on boards")
    parser.add_argument("models", nargs="+", metavar="MODEL.slet")
    parser.add_argument("--board", action="append", metavar="FILE.json", help="profile (default: all of Targets/)")
    parser.add_argument("--layers", action="store_true", help="each operator's cycles and times")
    parser.add_argument("--validate", action="store_true", help="this machine: predicted beside measured")
    parser.add_argument("--swiftlet", default=ROOT / "build/swiftlet", help="this machine's board tool")
    options = parser.parse_args()
    folder = ROOT / "build/predict"
    folder.mkdir(parents=True, exist_ok=True)
    boards = [json.loads(Path(path).read_text()) for path in options.board or profiles()]
    for path in options.models:
        name, model = operators.read(options.swiftlet, path)
        if options.validate:
            validate(name, model, path, folder, options.swiftlet, options.layers)
            continue
        for board in boards:
            predict(board, name, model, folder, options.layers)


if __name__ == "__main__":
    main()
