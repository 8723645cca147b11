#!/usr/bin/env python3
"""Hostile files: each gives a result, or one line and exit code 3, within a second and within twice its size + 16 MiB (board tool) or + 64
MiB (desk tool). Emulated boards are given 10 s and 64 MiB more. Seconds are of processor time, so that a busy machine does not matter; the
table has both.

`make test-attacks` calls it. The files are those of ../shared/attacks, and what `hostile_files.py` writes."""

import argparse
import hashlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import measured_run
from rows import ROOT, QUANTIZE, Rows

ATTACKS = ROOT.parent / "shared/attacks"
MADE = ROOT / "build/attacks"
ALLOWANCE = 3  # times the seconds of a row, after which it is ended
LONGEST_LINE = 2000  # bytes of an error line: a path and a message


def prepare():
    generator = Path(__file__).with_name("hostile_files.py")
    complete = MADE / "complete"
    if not complete.exists() or complete.stat().st_mtime < generator.stat().st_mtime:
        shutil.rmtree(MADE, ignore_errors=True)
        subprocess.run([sys.executable, generator, MADE], check=True)
        complete.touch()
    preprocessing = ["--resize", "64x64", "--mean", "127,127,127", "--std", "64,64,64"]
    for name, options in (("small", []), ("wide", []), ("pixels", preprocessing)):
        command = [QUANTIZE, MADE / f"{name}.onnx", "--float", *options, "-o", MADE / f"{name}.slet"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    for shape in ((512, 1024, 1), (1, 8191, 8191)):
        zeros(MADE / f"zeros_{'x'.join(str(extent) for extent in shape)}.npy", shape)


def zeros(path, shape):
    """One sparse picture."""
    header = repr({"descr": "<f4", "fortran_order": False, "shape": (1, *shape)}).encode()
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header)
        file.truncate(file.tell() + 4 * shape[0] * shape[1] * shape[2])


def absent(row):
    """Files that the row reads and that are not there: its error would be taken for the one that is wanted."""
    outputs = {str(row.result), str(MADE / "out.slet")}
    named = [word for word in row.command[1:] if word.startswith((str(MADE), str(ATTACKS))) and word not in outputs]
    return [name for name in named if not os.path.exists(name)]


def size(row):
    """Bytes of all files that the row reads."""
    names = {str(row.file), *row.command[1:]}
    return sum(os.path.getsize(name) for name in names if os.path.isfile(name) and name != str(row.result) and not os.access(name, os.X_OK))


def faults(row, result):
    """What is wrong with a run; empty: nothing."""
    found = []
    if result.code is None:
        found.append(f"no end within {measured_run.LONGEST} s")
    elif result.code == -signal.SIGXCPU:
        found.append(f"no end within {ALLOWANCE * row.seconds} s of processor time")
    elif result.code not in row.codes:
        found.append(f"exit code {result.code}" if result.code >= 0 else f"signal {-result.code}")
    # What the desk tool says of its work stands in lines of their own before the error.
    notes = (b"quantize: about ", b"quantize: assumed ", b"quantizing: ")
    lines = sum(not line.startswith(notes) for line in result.errors.splitlines(keepends=True))
    if result.code and result.code > 0 and (lines != 1 or not result.errors.endswith(b"\n")):
        found.append(f"{lines} lines on standard error")
    if any(byte < 32 and byte != 10 for byte in result.errors) or max(map(len, result.errors.split(b"\n"))) > LONGEST_LINE:
        found.append("control characters or an endless line on standard error")
    if result.processor_seconds > row.seconds:
        found.append(f"{result.processor_seconds:.1f} s")
    if result.mebibytes > row.memory + 2 * size(row) / (1 << 20):
        found.append(f"{result.mebibytes:.0f} MiB")
    return found


def answer(row, result):
    """In few bytes: see `measured_run`."""
    written = ""
    if row.result and row.result.exists():
        with open(row.result, "rb") as file:
            written = hashlib.file_digest(file, "sha256").hexdigest()
    return result.code, hashlib.sha256(result.output).hexdigest(), written


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="only files whose names contain one of these, with commas between")
    only = parser.parse_args().only.split(",")
    if not ATTACKS.is_dir():
        print("skipped: there is no ../shared/attacks\n0 passed, 0 failed, all skipped")
        return 0
    prepare()
    rows = Rows(ATTACKS, MADE)
    passed, failed = 0, len(rows.missing)
    answers = {}
    print(f"{'':4} {'file':28} {'tool':22} {'machine':20} {'exit':>4} {'ms':>6} {'cpu ms':>6} {'MiB':>6}  line")
    for row in rows.make():
        if not any(part in row.file.name for part in only):
            continue
        if row.result:
            row.result.unlink(missing_ok=True)
        if missing := absent(row):
            sys.exit(f"attacks: {missing[0]} is gone; does another run use {MADE}?")
        result = measured_run.run(row.command, row.environment, ALLOWANCE * row.seconds)
        found = faults(row, result)
        if row.group and answers.setdefault(row.group, (row.machine, answer(row, result)))[1] != answer(row, result):
            found.append(f"another answer than {answers[row.group][0]}")
        passed, failed = passed + (not found), failed + bool(found)
        line = result.errors.decode(errors="replace").replace(f"{ROOT.parent}/", "").strip()
        code = "-" if result.code is None else result.code
        print(
            f"{'FAIL' if found else 'ok':4} {row.file.name:28} {row.tool:22} {row.machine:20} {code:>4} {result.seconds * 1000:6.0f} "
            f"{result.processor_seconds * 1000:6.0f} {result.mebibytes:6.1f}  {'; '.join([*found, ascii(line)[1:-1][:160]])}", flush=True)
    for line in rows.missing:
        print(line)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
