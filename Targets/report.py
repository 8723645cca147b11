#!/usr/bin/env python3
"""What boards sent back (board-check.sh) as Markdown: measured times beside predicted and published ones.

usage: Targets/report.py RESULT.json...
"""
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
COLUMNS = [
    "model", "precision", "threads", "min ms", "median ms", "p99 ms", "images/s", "predicted ms", "measured/predicted", "published ms",
]


def predictions(text):
    """{board: {model: [ms at 1, 2, 4 threads]}}, int8, of the table below "### Predicted" in README.md.

    >>> predictions("### Predicted\\n| board | large_x1_0 | small_x1_0 | |\\n| --- |\\n| Pi 4, 1.8 GHz | 24.4, 12.2, 6.3 | 8, 4, 2 | |\\n")
    {'Pi 4': {'MobileNetV3_large_x1_0': [24.4, 12.2, 6.3], 'MobileNetV3_small_x1_0': [8.0, 4.0, 2.0]}}
    """
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.split("### Predicted")[1].split("###")[0].splitlines()
            if line.startswith("|")]
    names = ["MobileNetV3_" + name for name in rows[0][1:3]]
    boards = {}
    for row in rows[2:]:
        times = [[float(time) for time in cell.split(",")] for cell in row[1:3]]
        # "the same, 32-bit" is another program on a board that has a row already.
        if not row[0].startswith("the same"):
            boards[row[0].split(",")[0]] = dict(zip(names, times))
    return boards


def of_board(board, names):
    """The longest of the names that the board calls itself by; None where it is none of them.

    >>> of_board("Raspberry Pi 4 Model B Rev 1.4", ["Raspberry Pi 4", "Raspberry Pi", "RK3399"])
    'Raspberry Pi 4'
    """
    fitting = [name for name in names if name.lower() in (board or "").lower()]
    return max(fitting, key=len) if fitting else None


def published(row, profile):
    times = [entry for entry in (profile or {}).get("reference", [])
             if (entry["model"], entry["precision"], entry["threads"]) == (row["model"], row["precision"], row["threads"])]
    return ", ".join(f"{entry['ms']:g} ({entry['runtime']})" for entry in times)


def line(row, predicted, profile):
    counts = [1, 2, 4]
    times = (predicted or {}).get(row["model"], []) if row["precision"] == "int8" and row["batch"] == 1 else []
    prediction = dict(zip(counts, times)).get(row["threads"])
    return [
        row["model"], row["precision"], str(row["threads"]), f"{row['min_ms']:.3f}", f"{row['median_ms']:.3f}", f"{row['p99_ms']:.3f}",
        f"{row['images_per_s']:.1f}", f"{prediction:g}" if prediction else "", f"{row['median_ms'] / prediction:.2f}" if prediction else "",
        published(row, profile),
    ]


def conditions(result):
    """What was checked, and what may have disturbed the times, as lines."""
    checks = [f"{name.replace('_', ' ')}: {'yes' if result.get(name) else 'NO'}"
              for name in ["selftest", "logits_as_expected", "answer_as_expected"]]
    lines = [", ".join(checks)]
    temperatures = [max(result[key].values(), default=None) for key in ["temperature_before", "temperature_after"]]
    if None not in temperatures:
        lines.append("hottest zone: {:.0f} °C before, {:.0f} °C after".format(*[value / 1000 for value in temperatures]))
    if result.get("governor") not in (None, "performance"):
        lines.append(f"governor: {result['governor']}")
    if result.get("runner"):
        lines.append(f"run by {result['runner']}: an emulator's times mean nothing")
    return lines + (result["bench"] or {}).get("warnings", [])


def report(result, boards, profiles):
    board = result.get("board") or result.get("machine") or "unknown board"
    name = of_board(board, boards)
    profile = next((p for p in profiles if p["name"] in board or (name and name in p["name"])), None)
    text = [f"## {board}", "", *[f"- {entry}" for entry in conditions(result)], ""]
    if not result["bench"]:
        return "\n".join(text + ["bench failed there.", ""])
    device = result["bench"]["device"]
    text += [f"{device['cpu']}, {device['processors']} processors, {device['isa']}, swiftlet {device['version']}", ""]
    text += ["| " + " | ".join(COLUMNS) + " |", "|" + " --- |" * len(COLUMNS)]
    text += ["| " + " | ".join(line(row, boards.get(name), profile)) + " |" for row in result["bench"]["rows"]]
    return "\n".join(text) + "\n"


def main():
    if len(sys.argv) < 2:
        sys.exit("usage: report.py RESULT.json...   (what board-check.sh printed)")
    boards = predictions((HERE / "README.md").read_text())
    profiles = [json.loads(path.read_text()) for path in sorted(HERE.glob("*.json")) if not path.name.endswith(".toolset.json")]
    for path in sys.argv[1:]:
        try:
            result = json.loads(Path(path).read_text())
            print(report(result, boards, profiles))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            sys.exit(f"report.py: {path}: not what board-check.sh prints ({type(error).__name__}: {error})")


if __name__ == "__main__":
    main()
