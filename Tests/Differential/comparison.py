"""One network: converted, run everywhere, compared."""

import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

import exported
import generate
from machines import QUANTIZE, Failure, Machine, execute

THREADS = (1, 2, 3, 4)
# Of the largest logit of a picture, and what is left of logits that are all but 0.
TOLERANCE, FLOOR = 1e-4, 1e-6


@dataclass
class Plan:
    """Which machines run a network, with how many threads."""
    here: list
    unlike: Machine
    boards: list
    all_threads: bool

    def description(self):
        yield "int8 and FP32 here: " + ", ".join(machine.label for machine in self.here) + ", each with 1 to 4 threads; unlike cores"
        threads = "each with 1 to 4 threads" if self.all_threads else "each with 1 to 4 threads by turns"
        for board in self.boards:
            yield "int8 on " + ", ".join(machine.label for machine in board) + f", {threads}; FP32 on one of them by turns"

    def runs(self, seed, is_float):
        """Pairs of a machine and a number of threads; the first is what all others are compared with."""
        yield from ((machine, threads) for machine in reversed(self.here) for threads in THREADS)
        yield self.unlike, 2
        for board in self.boards:
            if is_float:
                yield board[seed % len(board)], THREADS[seed // len(board) % 4]
                continue
            for index, machine in enumerate(board):
                counts = THREADS if self.all_threads else [THREADS[(seed + index + seed // 4) % 4]]
                yield from ((machine, threads) for threads in counts)


@dataclass
class Result:
    seed: int
    folder: Path
    options: str = ""
    failures: list = field(default_factory=list)
    kinds: Counter = field(default_factory=Counter)
    # dB, of the pictures that are like the calibration's
    ratio: float = None


@dataclass(frozen=True)
class Check:
    """Makes and compares the network of a seed."""
    plan: Plan
    work: Path

    def __call__(self, seed):
        result = Result(seed, self.work / f"seed-{seed}")
        shutil.rmtree(result.folder, ignore_errors=True)
        result.folder.mkdir(parents=True)
        try:
            self.compare(result)
        except Failure as failure:
            result.failures.append(str(failure))
        except Exception as error:  # a fault of this test: the other networks go on
            result.failures.append(f"the test itself: {type(error).__name__}: {error}")
        if not result.failures:
            shutil.rmtree(result.folder)
        return result

    def compare(self, result):
        folder = result.folder
        generate.write(result.seed, folder)
        model = onnx.load(folder / "model.onnx")
        result.kinds.update(node.op_type for node in model.graph.node)
        options = conversion(model, result.seed, folder)
        result.options = "quantize " + " ".join(str(option) for option in options)
        execute([QUANTIZE, folder / "model.onnx", "--float", "-o", folder / "float.slet"])
        expected = reference(folder)
        values = self.run_everywhere(result, "float")
        result.failures += differences(values, expected)
        execute([QUANTIZE, folder / "model.onnx", *options, "-o", folder / "int8.slet"])
        int8 = self.run_everywhere(result, "int8")
        result.ratio = signal_to_noise(expected[:-1], int8[:-1])
        for model, answers in [("int8", int8), ("float", values)]:
            result.failures += exported.differences(folder / f"{model}.slet", folder / "input.npy", answers)

    def run_everywhere(self, result, precision):
        """What the first machine gives; whatever else another one gives is a failure."""
        folder = result.folder
        model, inputs, output = folder / f"{precision}.slet", folder / "input.npy", folder / f"{precision}.npy"
        runs = iter(self.plan.runs(result.seed, precision == "float"))
        first, threads = next(runs)
        expected = first.run(model, inputs, output, threads)
        values = np.load(output)
        for number, (machine, threads) in enumerate(runs):
            other = folder / f"{precision}-{number}.npy"
            try:
                if machine.run(model, inputs, other, threads) == expected:
                    other.unlink()
                    continue
                text = described(values, np.load(other))
            except Failure as failure:
                text = str(failure)
            result.failures.append(f"{precision}, {machine.label}, {threads} threads, beside {first.label}: {text}")
        for picture, pixels in enumerate(np.load(inputs)):
            alone = folder / "picture.npy"
            np.save(alone, pixels[np.newaxis])
            first.run(model, alone, folder / "alone.npy", 1)
            single = np.load(folder / "alone.npy")[0]
            if single.tobytes() != values[picture].tobytes():
                result.failures.append(f"{precision}: picture {picture} by itself: {described(values[picture], single)}")
        return values


def conversion(model, seed, folder):
    """Options of the quantizer, varied by seed."""
    random = np.random.default_rng([seed, 2])
    source = ["random", "--samples", "6"] if random.random() < 0.15 else [folder / "calibration.npy"]
    options = ["--calibration", *source, "--preset", "balanced" if random.random() < 0.1 else "fast", "--threads", "1"]
    if random.random() < 0.1:
        options.append("--per-tensor")
    layers = [node.name for node in model.graph.node if node.op_type == "Conv"]
    if layers and random.random() < 0.15:
        options += ["--keep-float", layers[int(random.integers(len(layers)))]]
    return options


def reference(folder):
    """ONNX Runtime's output, by its plainest way: one thread, nothing rewritten."""
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = 1
    settings.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(folder / "model.onnx", settings, providers=["CPUExecutionProvider"])
    declared = session.get_inputs()[0].shape
    results = []
    for picture in np.load(folder / "input.npy"):
        pixels = picture[np.newaxis]
        if declared[1] != 3:
            pixels = np.ascontiguousarray(pixels.transpose(0, 2, 3, 1))
        results.append(session.run(None, {"input": pixels})[0].reshape(1, -1))
    return np.concatenate(results)


def differences(values, expected):
    """Lines, one a picture that is off."""
    if values.shape != expected.shape:
        return [f"FP32: shape {values.shape} instead of {expected.shape}"]
    if not np.isfinite(expected).all():
        return ["the test itself: ONNX Runtime's output is not finite"]
    lines = []
    for picture, (a, b) in enumerate(zip(values, expected)):
        if not np.abs(a - b).max() <= TOLERANCE * np.abs(b).max() + FLOOR:
            lines.append(f"FP32 beside ONNX Runtime, picture {picture}: {described(b, a)}")
    return lines


def described(expected, values):
    """Where two arrays differ most."""
    if expected.shape != values.shape:
        return f"shape {values.shape} instead of {expected.shape}"
    apart = np.abs(values.astype(np.float64) - expected)
    apart[np.isnan(apart)] = np.inf
    place = np.unravel_index(apart.argmax(), apart.shape)
    where = ", ".join(str(index) for index in place)
    count = f"{np.count_nonzero(values != expected)} of {values.size} differ"
    return f"{count}, most at [{where}]: {float(values[place])!r} instead of {float(expected[place])!r}"


def signal_to_noise(expected, values):
    noise = np.square(values.astype(np.float64) - expected).sum()
    signal = np.square(expected.astype(np.float64)).sum()
    return 10 * np.log10(signal / noise) if noise > 0 and signal > 0 else None
