"""One exported network: converted, run, compared with ONNX Runtime."""

import json
import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import pictures
import runtime

ROOT = Path(__file__).resolve().parents[2]
QUANTIZE = os.environ.get("QUANTIZE", ROOT / "build/quantize")
SWIFTLET = os.environ.get("SWIFTLET", ROOT / "build/swiftlet")
TOLERANCE = 1e-4  # of the largest value
LONGEST_RUN = 600  # seconds, on a busy machine


class Failure(Exception):
    """What a tool said in its last line."""


@dataclass
class Row:
    name: str
    network: str
    exporter: str
    opset: int
    options: tuple
    said: str = ""  # why it was not exported, not converted or not run
    error: float = None  # of FP32, largest of all, over the largest value
    ours: float = None  # SQNR of int8 in dB
    theirs: float = None

    @property
    def reason(self):
        """What is wrong; empty: nothing."""
        if self.said:
            return self.said
        if not self.error <= TOLERANCE:
            return f"FP32 is off by {self.error:.1e}"
        if self.ours is not None and self.theirs is not None and self.ours < self.theirs:
            return f"int8 {self.ours:.1f} dB, {self.theirs:.1f} dB by ONNX Runtime"
        return ""

    @property
    def kinds(self):
        """The reasons without names and numbers, for counting."""
        return sorted({kind(part) for part in re.sub(r"^unsupported operators?: ", "", self.reason).split("; ") if part})


def kind(reason):
    reason = re.sub(r"\): .*", ")", reason)
    reason = re.sub(r"'[^']*'", "'…'", reason)
    return re.sub(r"-?\b\d+(\.\d+)?(e-?\d+)?\b", "n", reason)


@dataclass(frozen=True)
class Check:
    """Compares the export of a name. What only depends on the exported file is kept beside it."""
    folder: Path
    preset: str
    int8: bool

    def __call__(self, export):
        row = Row(export.name, export.network, export.exporter, export.opset, export.options)
        failure = self.file(row, "error")
        if failure.exists():
            row.said = "not exported: " + failure.read_text().strip()
            return row
        try:
            with tempfile.TemporaryDirectory() as work:
                self.compare(row, Path(work))
        except Failure as failure:
            row.said = str(failure).replace(f"{self.folder}/", "").removeprefix("quantize: ").removeprefix(f"{row.name}.onnx: ")
        except Exception as error:  # a fault of this test or of ONNX Runtime: the other networks go on
            row.said = f"the test itself: {type(error).__name__}: {error}".splitlines()[0]
        return row

    def file(self, row, ending):
        return self.folder / f"{row.name}.{ending}"

    def compare(self, row, work):
        model = self.file(row, "onnx")
        taken = json.loads(self.file(row, "taken").read_text())
        prepared = pictures.Preparation(**taken)
        every = np.load(self.folder / "pictures.npz")
        network = runtime.Network(model)
        size = ["--resize", f"{prepared.height}x{prepared.width}"] if network.has_open_size else []
        self.remember(row, "input", lambda: prepared(every["fixed"]))
        expected = self.remember(row, "expected", lambda: network(np.load(self.file(row, "input.npy"))))
        execute([QUANTIZE, model, "--float", *size, "-o", work / "float.slet"])
        row.error = error(expected, run(work / "float.slet", self.file(row, "input.npy"), work))
        if not self.int8:
            return
        held_out, calibration = (prepared(every[name]) for name in ("held_out", "calibration"))
        outputs = self.remember(row, "outputs", lambda: network(held_out))
        theirs = self.remember(row, "static", lambda: runtime.statically_quantized(model, calibration, held_out))
        row.theirs = signal_to_noise(outputs, theirs)
        np.save(work / "calibration.npy", calibration)
        np.save(work / "held_out.npy", held_out)
        options = ["--calibration", work / "calibration.npy", "--preset", self.preset, "--threads", "1", *size]
        execute([QUANTIZE, model, *options, "-o", work / "int8.slet"])
        row.ours = signal_to_noise(outputs, run(work / "int8.slet", work / "held_out.npy", work))

    def remember(self, row, ending, make):
        path = self.file(row, f"{ending}.npy")
        if not path.exists():
            unfinished = path.with_suffix(".part.npy")
            np.save(unfinished, make())
            unfinished.replace(path)
        return np.load(path)


def execute(command):
    """Raises `Failure` where the exit code is not 0."""
    command = [str(word) for word in command]
    try:
        result = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=LONGEST_RUN, check=False)
    except subprocess.TimeoutExpired:
        raise Failure(f"no end within {LONGEST_RUN} s: {' '.join(command)}") from None
    if result.returncode != 0:
        lines = result.stderr.strip().splitlines()
        raise Failure(lines[-1] if lines else f"exit code {result.returncode}: {' '.join(command)}")


def run(model, inputs, work):
    """Outputs [N,values]."""
    execute([SWIFTLET, "run", model, "--input", inputs, "--output", work / "output.npy"])
    values = np.load(work / "output.npy")
    return values.reshape(len(values), -1)


def error(expected, values):
    """The largest difference over the largest value."""
    if values.shape != expected.shape:
        raise Failure(f"the output's shape is {values.shape} instead of {expected.shape}")
    if not np.isfinite(expected).all():
        raise Failure("the test itself: ONNX Runtime's output is not finite")
    difference = np.abs(values.astype(np.float64) - expected).max()
    return float(difference / np.abs(expected).max()) if np.isfinite(difference) else float("inf")


def signal_to_noise(expected, values):
    """SQNR of logits in dB. Where the network ends in a softmax, they are worked out from its probabilities."""
    expected, values = expected.astype(np.float64), values.astype(np.float64)
    if expected.min() >= 0 and np.allclose(expected.sum(1), 1, atol=1e-3):
        expected, values = (np.log(np.maximum(array, 1e-12)) for array in (expected, values))
        expected, values = (array - array.mean(1, keepdims=True) for array in (expected, values))
    noise = np.square(values - expected).sum()
    return float(10 * np.log10(np.square(expected).sum() / noise)) if noise > 0 else 200.0
