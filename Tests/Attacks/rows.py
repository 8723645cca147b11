"""What is run: each file with the tools that read its kind, on each machine that has them."""

import platform
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests/Differential"))

from machines import QUANTIZE, boards, this_machine  # noqa: E402


@dataclass
class Row:
    file: Path
    tool: str
    machine: str
    command: list
    # MiB beside twice the file's size, and seconds of processor time
    memory: float
    seconds: float
    codes: tuple = (0, 3)
    environment: dict = field(default_factory=dict)
    # Rows of one group give one answer: exit code, standard output, and what is in `result`.
    group: str = ""
    result: Path = None


class Rows:
    """- attacks: the folder of kept files; made: that of `hostile_files.py`, where outputs go, too."""

    def __init__(self, attacks, made):
        self.attacks, self.made = attacks, made
        here = this_machine()
        emulated, self.missing = boards()
        self.all_machines = here + [machine for board in emulated for machine in board]
        self.machines = [here[-1]] + [board[0] for board in emulated]
        self.rows = []

    def desk(self, file, label, *arguments, codes=(0, 3), memory=64, seconds=1):
        command = [str(QUANTIZE), *(str(argument) for argument in arguments)]
        self.rows.append(Row(file, f"quantize {label}", platform.machine(), command, memory, seconds, codes))

    def board(self, file, command, *arguments, codes=(0, 3), machines=None, compared=False):
        """`{result}` among the arguments is a file that the run writes."""
        for machine in machines or self.machines:
            emulated = machine.command[0].startswith("qemu")
            result = self.made / "result.npy" if "{result}" in arguments else None
            words = [str(result) if argument == "{result}" else str(argument) for argument in arguments]
            # An emulator takes some 40 MiB and a good deal of time for itself.
            memory, seconds = (16 + 64, 10) if emulated else (16, 1)
            group = f"{file.name} {command}" if compared else ""
            self.rows.append(Row(
                file, f"swiftlet {command}", machine.label, [*machine.command, command, *words], memory, seconds, codes,
                machine.environment, group, result))

    def conversions(self, file, codes=(0, 3), **bounds):
        self.desk(file, "inspect", "inspect", file, codes=codes)
        self.desk(file, "--float", file, "--float", "-o", self.made / "out.slet", codes=codes, **bounds)
        calibration = ("--calibration", "random", "--samples", "2", "--preset", "fast")
        self.desk(file, "int8", file, *calibration, "-o", self.made / "out.slet", codes=codes, **bounds)

    def models(self, file, inputs, machines=None):
        """A .slet file, run with `inputs`."""
        self.board(file, "inspect", file)
        self.board(file, "run", file, "--input", inputs, "--output", "{result}", machines=machines, compared=True)

    def tensors(self, file, model, machines=None):
        self.board(file, "run", self.made / model, "--input", file, "--output", "{result}", machines=machines)

    def make(self):
        self.controls()
        for file in sorted(self.attacks.glob("*.onnx")):
            self.conversions(file, codes=(0,) if file.name.startswith("clip") else (0, 3))
        for file in sorted(self.attacks.glob("*.pth")):
            self.desk(file, "--weights", "--arch", "mobilenet_v3_small", "--weights", file, "--float", "-o", self.made / "out.slet")
        # The others take 16 channels of 12 x 12, or nothing.
        shapes = {"scratch_2_32": "512x1024x1", "poolbomb_s8": "1x8191x8191"}
        for file in sorted(self.attacks.glob("*.slet")):
            if file.stem in shapes:
                self.models(file, self.made / f"zeros_{shapes[file.stem]}.npy")
            else:
                self.models(file, self.made / "extremes_16x12x12.npy", self.all_machines)
        for file in sorted(self.attacks.glob("*.jpg")):
            self.board(file, "classify", self.made / "pixels.slet", file, "--json", machines=self.all_machines, compared=True)
        for file in sorted(self.attacks.glob("*.npy")):
            self.tensors(file, "small.slet")
            self.desk(file, "--calibration", self.made / "small.onnx", "--calibration", file, "-o", self.made / "out.slet")
        self.made_rows()
        return self.rows

    def controls(self):
        """What the hostile inputs are run with works, with an honest input."""
        honest = self.made / "honest_8x8.npy"
        self.board(honest, "run", self.made / "small.slet", "--input", honest, "--output", "{result}", codes=(0,), compared=True)
        self.board(self.made / "honest.ppm", "classify", self.made / "pixels.slet", self.made / "honest.ppm", codes=(0,), compared=True)
        self.desk(honest, "--calibration", self.made / "small.onnx", "--calibration", honest, "-o", self.made / "out.slet", codes=(0,))

    def made_rows(self):
        wide = ("results_wrap.npy", "sparse_1g.npy")
        for file in sorted(self.made.glob("*.npy")):
            if file.name.startswith(("zeros_", "extremes_", "honest_")) or file.name == "result.npy":
                continue
            self.tensors(file, "small.slet")
            if file.name in wide:
                self.tensors(file, "wide.slet")
            else:
                self.desk(file, "--calibration", self.made / "small.onnx", "--calibration", file, "-o", self.made / "out.slet")
        for file in sorted(self.made.glob("*.onnx")):
            if file.stem == "sums_2000":
                # Its values leave float's range: the work fails, though the file is as it should be.
                self.conversions(file, codes=(0, 1, 3))
            elif file.name not in ("small.onnx", "wide.onnx", "pixels.onnx"):
                self.conversions(file)
        for file in sorted(set(self.made.glob("*.ppm")) - {self.made / "honest.ppm"}):
            self.board(file, "classify", self.made / "pixels.slet", file)
        for name in ("empty", "fifo", "directory"):
            self.anything(self.made / name)
        self.anything(Path("/dev/zero"))
        small, output = self.made / "small.onnx", self.made / "out.slet"
        deep = self.made / "deep.json"
        self.desk(deep, "--recipe", small, "--recipe", deep, "--calibration", "random", "-o", output)
        for name in ("long_line.txt", "many_lines.txt"):
            self.desk(self.made / name, "--calibration", small, "--calibration", self.made / name, "-o", output)
            self.desk(self.made / name, "--labels", small, "--float", "--labels", self.made / name, "-o", output)

    def anything(self, file):
        """What is no file of any kind, wherever a file is read."""
        self.board(file, "inspect", file, codes=(3,))
        self.board(file, "run", self.made / "small.slet", "--input", file, "--output", "{result}", codes=(3,))
        self.board(file, "classify", self.made / "pixels.slet", file, codes=(3,))
        self.desk(file, "inspect", "inspect", file, codes=(3,))
        self.desk(file, "--weights", "--arch", "mobilenet_v3_small", "--weights", file, "--float", "-o", self.made / "out.slet", codes=(3,))
        self.desk(file, "--recipe", self.made / "small.onnx", "--recipe", file, "--float", "-o", self.made / "out.slet", codes=(3,))
