"""The ways to run a model: this machine's instruction sets, and both boards' programs under qemu. The programs are those of `make`, or what
QUANTIZE, SWIFTLET, SWIFTLET_AARCH64, SWIFTLET_ARMV7 in the environment name."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
QUANTIZE = os.environ.get("QUANTIZE", ROOT / "build/quantize")
SWIFTLET = os.environ.get("SWIFTLET", ROOT / "build/swiftlet")
BOARDS = [  # name, emulator, program, and qemu's processors, each with the instruction set that it is held to (empty: its best)
    ("aarch64", "qemu-aarch64-static", os.environ.get("SWIFTLET_AARCH64", ROOT / "build/aarch64/swiftlet"),
     [("cortex-a53", ""), ("cortex-a76", ""), ("max", ""), ("max", "scalar")]),
    ("armv7", "qemu-arm-static", os.environ.get("SWIFTLET_ARMV7", ROOT / "build/armv7/swiftlet"),
     [("cortex-a7", ""), ("cortex-a15", ""), ("max", ""), ("max", "scalar")]),
]
LONGEST_RUN = 300  # seconds: emulation on a busy machine


@dataclass(frozen=True)
class Machine:
    label: str
    command: tuple
    environment: dict = field(default_factory=dict, hash=False)

    def run(self, model, inputs, output, threads):
        """The output's bytes. Raises `Failure`."""
        Path(output).unlink(missing_ok=True)
        execute([*self.command, "run", model, "--input", inputs, "--output", output, "--threads", threads], self.environment)
        return Path(output).read_bytes()


class Failure(Exception):
    """A tool did not do what it should have done."""


def execute(command, environment=None):
    """Standard output. Raises `Failure` where the exit code is not 0."""
    command = [str(word) for word in command]
    try:
        result = subprocess.run(
            command, env={**os.environ, **(environment or {})}, capture_output=True, text=True, errors="replace", timeout=LONGEST_RUN,
            check=False)
    except subprocess.TimeoutExpired:
        raise Failure(f"no end within {LONGEST_RUN} s: {' '.join(command)}") from None
    if result.returncode != 0:
        raise Failure(f"exit code {result.returncode}: {' '.join(command)}: {result.stderr.strip()[-500:]}")
    return result.stdout


def this_machine():
    """A machine for each instruction set of this processor, the plainest first."""
    text = execute([SWIFTLET, "--help"])
    names = re.search(r"this processor has ([^.]*)\.", text)
    if not names:
        raise Failure(f"{SWIFTLET} --help does not name instruction sets")
    return [Machine(name, (str(SWIFTLET),), {"SWIFTLET_ISA": name}) for name in names[1].split(", ")]


def unlike_cores(folder):
    """This machine, made to believe that its first core is the slowest: work is then divided into other parts than there are threads."""
    for processor in range(os.cpu_count()):
        path = folder / f"cpu{processor}"
        path.mkdir(parents=True, exist_ok=True)
        (path / "cpu_capacity").write_text("446\n" if processor == 0 else "1024\n")
    return Machine("unlike cores", (str(SWIFTLET),), {"SWIFTLET_SYS_CPU": str(folder)})


def boards():
    """Lists of machines, one a board, and lines that say what is missing."""
    found, missing = [], []
    for name, emulator, program, processors in BOARDS:
        absent = emulator if not shutil.which(emulator) else program if not os.access(program, os.X_OK) else None
        if absent:
            missing.append(f"{name} is left out: there is no {absent}")
            continue
        found.append([
            Machine(f"{name} {processor} {isa}".strip(), (emulator, "-cpu", processor, str(program)), {"SWIFTLET_ISA": isa})
            for processor, isa in processors])
    return found, missing
