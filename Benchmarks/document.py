#!/usr/bin/env python3
"""Writes docs/BENCHMARKS.md from what `make benchmarks` measured: build/benchmarks/bench.json and peers.json."""
import argparse
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = {  # PaddleClas' MobileNetV3 page: top-1 in percent, 10^9 FLOPs, millions of parameters, MB
    "large_x1_25": (76.4, 0.714, 7.44, 29), "large_x1_0": (75.3, 0.450, 5.47, 21), "large_x0_75": (73.1, 0.296, 3.91, 16),
    "large_x0_5": (69.2, 0.138, 2.67, 11), "large_x0_35": (64.3, 0.077, 2.10, 8.6), "small_x1_25": (70.7, 0.195, 3.62, 14),
    "small_x1_0": (68.2, 0.123, 2.94, 12), "small_x0_75": (66.0, 0.088, 2.37, 9.6), "small_x0_5": (59.2, 0.043, 1.90, 7.8),
    "small_x0_35": (53.0, 0.026, 1.66, 6.9), "small_x0_35_ssld": (55.6, 0.026, 1.66, 6.9), "large_x1_0_ssld": (79.0, 0.450, 5.47, 21),
    "large_x1_0_ssld_int8": (76.1, None, None, 10.0), "small_x1_0_ssld": (71.3, 0.123, 2.94, 12),
}
CHARTS = {
    "accuracy": "Top-1 of PaddleClas' page over the time of a picture", "precision": "FP32 and int8 with one thread",
    "threads": "What more threads bring", "batch": "What larger batches bring",
}


def table(titles, rows):
    """Markdown; a column is as wide as its content asks for.

    >>> print(table(["a", "b"], [["1", "2"]]))
    | a | b |
    | --- | --- |
    | 1 | 2 |
    """
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def short(model):
    return model.removeprefix("MobileNetV3_")


def sizes(rows):
    """A line a network: counted beside published."""
    lines = []
    for model in dict.fromkeys(row["model"] for row in rows):
        first = {row["precision"]: row for row in reversed(rows) if row["model"] == model}
        float_row, int_row = first["fp32"], first["int8"]
        top1, flops, parameters, size = PAGE.get(short(model), (None,) * 4)
        deviation = f"{(float_row['flops'] / 1e9 / flops - 1) * 100:+.1f} %" if flops else ""
        cell = lambda value, form: format(value, form) if value is not None else "–"
        lines.append([
            short(model), cell(top1, ".1f"), f"{float_row['parameters'] / 1e6:.3f} / {cell(parameters, '.2f')}",
            f"{float_row['flops'] / 1e9:.4f} / {cell(flops, '.3f')}", deviation,
            f"{float_row['file_bytes'] / 1e6:.1f} / {cell(size, 'g')}", f"{int_row['file_bytes'] / 1e6:.2f}",
            f"{float_row['peak_memory_mib']:.1f} / {int_row['peak_memory_mib']:.1f}",
            f"{float_row['load_ms']:.1f} / {int_row['load_ms']:.1f}"])
    titles = ["network", "top-1 %", "params M / page", "GFLOP / page", "off", "FP32 MB / page", "int8 MB", "memory MiB", "load ms"]
    return table(titles, lines)


def times(rows, threads):
    """A line a network: FP32 / int8 milliseconds by number of threads, and the phone's beside."""
    lines = []
    for model in dict.fromkeys(row["model"] for row in rows):
        of_model = {(row["precision"], row["threads"]): row for row in rows if row["model"] == model and row["batch"] == 1}
        cells = [short(model)]
        for count in threads:
            float_row, int_row = of_model["fp32", count], of_model["int8", count]
            cells.append(f"{float_row['median_ms']:.3f} / **{int_row['median_ms']:.3f}** ({int_row['over_fp32']:.2f}×)")
        published = [of_model["fp32", count]["reference_ms"] for count in threads]
        cells.append(" / ".join(f"{time:g}" for time in published) if None not in published else "–")
        lines.append(cells)
    titles = [f"{count} thread{'s' if count > 1 else ''}" for count in threads]
    return table(["network", *titles, "Snapdragon 855, FP32"], lines)


def batches(rows):
    """A line a network: int8 pictures a second by batch, with one thread."""
    counts = sorted({row["batch"] for row in rows})
    lines = []
    for model in dict.fromkeys(row["model"] for row in rows):
        of_model = {(row["precision"], row["batch"]): row for row in rows if row["model"] == model and row["threads"] == 1}
        cells = [f"{of_model[precision, count]['images_per_s']:.0f}" for precision in ["fp32", "int8"] for count in counts]
        lines.append([short(model), *cells])
    return table(["network"] + [f"{precision}, batch {count}" for precision in ["FP32", "int8"] for count in counts], lines)


def peers(result):
    """A line a network and number of threads: the median of the rounds' medians."""
    engines = list(dict.fromkeys(row["engine"] for row in result["rows"]))
    lines = {}
    for row in result["rows"]:
        rounds = sorted(entry["median_ms"] for entry in row["rounds"])
        lines.setdefault((row["network"], row["threads"]), {})[row["engine"]] = rounds[len(rounds) // 2]
    body = [[network, str(threads)] + [f"{by_engine[engine]:.3f}" for engine in engines] for (network, threads), by_engine in lines.items()]
    return table(["network", "threads", *engines], body)


def document(bench, peer):
    rows = bench["rows"]
    device = bench["device"]
    threads = sorted({row["threads"] for row in rows})
    slower = [row for row in rows if row["over_fp32"] is not None and row["over_fp32"] <= 1]
    verdict = ("int8 is faster than FP32 in every row." if not slower else "int8 is not faster than FP32 in: " + ", ".join(
        f"{short(row['model'])} at {row['threads']} threads and batch {row['batch']} ({row['over_fp32']:.2f}×)" for row in slower) + ".")
    warnings = "".join(f"- {warning}\n" for warning in bench["warnings"]) or "- none\n"
    charts = "\n\n".join(f"![{text}](benchmarks/{name}.svg)" for name, text in CHARTS.items())
    versions = ", ".join(f"{name} {version}" for name, version in peer["versions"].items())
    commit = f", commit {device['commit']}" if "commit" in device else ""
    return f"""# Benchmarks

All of this page was measured and written by `make benchmarks` in one run on one machine: {device['cpu']}, {device['processors']}
processors, {device['isa']}, swiftlet {device['version']}{commit}. Weights are random; layers and files are those of the pretrained
networks. Times are medians of single runs of a whole batch, in milliseconds, the picture being in place.

What the measuring program warned of:

{warnings}
{verdict}

## Time

FP32 / **int8** (how many times as fast), batch 1, beside the page's Snapdragon 855 (FP32, Paddle Lite, as many threads):

{times(rows, threads)}

{charts}

## Size and work

Counted / published. FLOPs are two a multiply-accumulate; the page counts some element-wise work, too, hence its few percent more. The
page cuts some parameters and rounds others. Memory (FP32 / int8) is packed weights, activations and working memory at one thread and
batch 1; loading is from the file's bytes to a model that can run.

{sizes(rows)}

## Batches

Pictures a second with one thread:

{batches(rows)}

## Beside other runtimes

The same networks in the same run, in turns, each measurement a process of its own: {versions}. Peers get FP32 as ONNX, and int8 as
`quantize export --per-tensor` writes it for their int8 kernels; OpenVINO is asked for FP32, not bfloat16. Median ms:

{peers(peer)}

## Do it again

    make benchmarks                                                # all of this page, about half an hour
    build/swiftlet bench --arch all --precision fp32,int8 --threads 1,2,4 --reference sd855      # the table alone
    build/swiftlet bench --compare before.json after.json --fail-above 5%
    make bench-gate                                                # instructions of kernels beside the committed counts

## What it does not say

- An x86 server is not a phone: caches, memory and instruction sets differ. [Targets/](../Targets/README.md) has predictions for
  boards, and `make board-package` measures one. Under qemu the ARM programs run the same table, with times that mean nothing.
- A server that others use as well is not quiet: neighbors and clocks change times by more than a few percent from hour to hour. Rounds
  and medians hit all rows alike, so compare rows of this page with each other, not with another day's.
- More threads than processors run as many as there are: those columns repeat the one before.
- Random weights have the pretrained ones' shapes, not their values; kernels that take a shorter way where sums stay small may take
  another one with those.
"""


def main():
    parser = argparse.ArgumentParser(description="docs/BENCHMARKS.md from measurements")
    parser.add_argument("bench", help="of swiftlet bench --json")
    parser.add_argument("peers", help="of peers.py")
    parser.add_argument("-o", "--output", default=ROOT / "docs/BENCHMARKS.md")
    options = parser.parse_args()
    text = document(json.loads(Path(options.bench).read_text()), json.loads(Path(options.peers).read_text()))
    Path(options.output).write_text(text)


if __name__ == "__main__":
    main()
