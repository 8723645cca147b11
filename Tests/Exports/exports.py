#!/usr/bin/env python3
"""Networks as today's exporters write them: FP32 beside ONNX Runtime, int8 beside ONNX Runtime's static quantization.
`make test-exports` calls it; exported files are kept, so that the next run only compares."""

import argparse
import fnmatch
import json
import subprocess
import sys
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path

import numpy as np

import catalog
import comparison
import pictures

ENVIRONMENTS = comparison.ROOT / "build/exports"
PICTURES = comparison.ROOT.parent / "shared/data/imagenet/calibration"


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", default="*", metavar="PATTERN", help="exports whose names match, such as 'timm-*dynamo*'; commas between")
    parser.add_argument("--quick", action="store_true", help="about a dozen exports, some of each exporter")
    parser.add_argument("--no-int8", action="store_true", help="FP32 alone")
    parser.add_argument("--preset", default="fast", help="the quantizer's (default fast)")
    parser.add_argument("--list", action="store_true", help="print the names of exports, and stop")
    parser.add_argument("--cache", type=Path, default=ENVIRONMENTS / "models", metavar="DIR", help="where exported files are kept")
    parser.add_argument("--json", type=Path, default=ENVIRONMENTS / "results.json", metavar="FILE", help="where results are written")
    return parser.parse_args(arguments)


def chosen(options):
    patterns = options.only.split(",")
    for export in catalog.catalog():
        if (export.quick or not options.quick) and any(fnmatch.fnmatch(export.name, pattern) for pattern in patterns):
            yield export


def export_missing(exports, folder):
    """Each family in its own environment; what its process says is kept in a file."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "pictures.npz").exists():
        np.savez(folder / "pictures.npz", **pictures.made(PICTURES if PICTURES.is_dir() else None))
    for family in dict.fromkeys(export.family for export in exports):
        missing = [export.name for export in exports if export.family == family and not outcome(folder, export.name)]
        if not missing:
            continue
        print(f"exporting {len(missing)} networks of {family}", file=sys.stderr, flush=True)
        command = [ENVIRONMENTS / family / "bin/python3", Path(__file__).with_name(f"export_{family}.py"), folder, *missing]
        log = folder / f"{family}.log"
        with open(log, "w") as output:
            code = subprocess.run(command, cwd=folder, stdout=output, stderr=subprocess.STDOUT, check=False).returncode
        for name in missing:
            if not outcome(folder, name):
                (folder / f"{name}.error").write_text(f"the exporter ended with exit code {code}; {log.name} has its words\n")


def outcome(folder, name):
    return any((folder / f"{name}.{ending}").exists() for ending in ("taken", "error"))


def line(row):
    exporter = "+".join([row.exporter, *row.options])
    error = "-" if row.error is None else f"{row.error:.1e}"
    ours, theirs = ("-" if ratio is None else f"{ratio:.1f}" for ratio in (row.ours, row.theirs))
    said = row.reason if len(row.reason) <= 160 else row.reason[:159] + "…"
    mark = "FAIL" if said else "ok"
    return f"{mark:4} {row.network:36} {exporter:26} {row.opset or '-':>5} {error:>8} {ours:>5} {theirs:>5}  {said}".rstrip()


def summary(rows):
    """Lines: each reason with how many exports it is one for, the most frequent first."""
    kinds = defaultdict(list)
    for row in rows:
        for kind in row.kinds:
            kinds[kind].append(row.name)
    for kind, names in sorted(kinds.items(), key=lambda item: -len(item[1])):
        yield f"{len(names):4}  {kind}: {', '.join(names[:4])}{', …' if len(names) > 4 else ''}"


def main():
    options = parse(sys.argv[1:])
    exports = list(chosen(options))
    if options.list or not exports:
        print("\n".join(export.name for export in exports) or "no export has such a name", file=sys.stdout if exports else sys.stderr)
        return 0 if exports else 2
    folder = options.cache.resolve()
    export_missing(exports, folder)
    check = comparison.Check(folder, options.preset, not options.no_int8)
    print(f"{'':4} {'network':36} {'exporter':26} {'opset':>5} {'FP32':>8} {'int8':>5} {'ORT':>5}  what is wrong")
    rows = []
    for export in exports:
        rows.append(check(export))
        print(line(rows[-1]), flush=True)
    for text in summary(rows):
        print(text)
    options.json.parent.mkdir(parents=True, exist_ok=True)
    results = [{**asdict(row), "reason": row.reason} for row in rows]
    options.json.write_text(json.dumps({"preset": options.preset, "exports": results}, indent=1) + "\n")
    failed = sum(bool(row.reason) for row in rows)
    print(f"{len(rows) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
