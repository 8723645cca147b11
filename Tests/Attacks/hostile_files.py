#!/usr/bin/env python3
"""Writes hostile files that are too large to keep, and the models that some of them are run with.   usage: hostile_files.py FOLDER"""

import os
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

CHAIN = 20_000


def npy(path, kind, shape, data=b"", size=None):
    """A NumPy file whose header claims `shape`, whatever follows; `size` bytes of data make it sparse."""
    header = repr({"descr": kind, "fortran_order": False, "shape": tuple(shape)}).encode()
    header = header + b" " * (-(len(header) + 13) % 64) + b"\n"
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x02\x00" + len(header).to_bytes(4, "little") + header + data)
        if size is not None:
            file.truncate(file.tell() + size)


def arrays(folder):
    # 2^30 + 2^18 values: their bytes are 1 MiB more than 2^32, which is what follows.
    npy(folder / "bytes_wrap.npy", "<f4", (1, 1, 4097, 1 << 18), size=1 << 20)
    # 4,096 classes for each of 349,525 pictures of three bytes: 5.7 GB of results out of 1 MB.
    npy(folder / "results_wrap.npy", "|i1", ((1 << 20) // 3, 3, 1, 1), size=(1 << 20) // 3 * 3)
    npy(folder / "sparse_1g.npy", "|i1", ((1 << 30) // 3, 3, 1, 1), size=(1 << 30) // 3 * 3)
    npy(folder / "axes_200000.npy", "<f4", [1] * 200_000, bytes(4))
    npy(folder / "extents_wrap.npy", "<f4", [1 << 16] * 4, bytes(16))
    npy(folder / "pictures_2^62.npy", "<f4", (1 << 62, 3, 8, 8), bytes(768))


def model(path, nodes, initializers=(), shape=("N", 3, 8, 8), output="y"):
    graph = helper.make_graph(
        nodes, "hostile", [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, None)],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in initializers])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8), path)


def head(value):
    return [helper.make_node("GlobalAveragePool", [value], ["mean"]), helper.make_node("Flatten", ["mean"], ["y"])]


def chain(path, kind, constants=(), naming="{}", **attributes):
    """20,000 nodes one after the other."""
    names = ["x"] + [f"v{number}" for number in range(1, CHAIN + 1)]
    nodes = [
        helper.make_node(kind, [before, *(name for name, _ in constants)], [after], name=naming.format(after), **attributes)
        for before, after in zip(names, names[1:])]
    model(path, nodes + head(names[-1]), constants)


def extremes(folder):
    """Pictures that saturate: all at one end, all at the other, either at random, and some of all sizes; and honest ones."""
    random = np.random.default_rng(0)
    np.save(folder / "honest_8x8.npy", random.standard_normal((2, 3, 8, 8)).astype(np.float32))
    (folder / "honest.ppm").write_bytes(b"P6\n64 64\n255\n" + random.bytes(64 * 64 * 3))
    shape = (16, 12, 12)
    pictures = [np.full(shape, -1e6), np.full(shape, 1e6), random.choice([-1e6, 1e6], shape), random.normal(0, 50, shape)]
    np.save(folder / "extremes_16x12x12.npy", np.asarray(pictures, np.float32))


def chains(folder):
    one = np.float32(1.0001)
    chain(folder / "chain_mul.onnx", "Mul", [("c", one)])
    chain(folder / "chain_mul_channels.onnx", "Mul", [("c", np.full((3, 1, 1), one))])
    chain(folder / "chain_add.onnx", "Add", [("c", np.float32(1e-5))])
    chain(folder / "chain_sub.onnx", "Sub", [("c", np.float32(1e-5))])
    chain(folder / "chain_clip.onnx", "Clip", [("low", np.float32(-3)), ("high", np.float32(3))])
    for kind in ("Relu", "Identity", "Sigmoid", "HardSigmoid"):
        chain(folder / f"chain_{kind.lower()}.onnx", kind)
    chain(folder / "chain_transpose.onnx", "Transpose", perm=[0, 1, 3, 2])
    chain(folder / "chain_same_names.onnx", "Relu", naming="n")
    chain(folder / "chain_pad.onnx", "Pad", [("pads", np.zeros(8, np.int64))])
    chain(folder / "chain_reshape.onnx", "Reshape", [("shape", np.array([0, 3, 8, 8]))])
    chain(folder / "chain_max.onnx", "Max", [("c", np.float32(-1))])
    chain(folder / "chain_conv.onnx", "Conv", [("w", np.eye(3, dtype=np.float32).reshape(3, 3, 1, 1))])


def graphs(folder):
    """Graphs that grow, or that are wide in one way."""
    doubled = [helper.make_node("Concat", [f"c{i}" if i else "x", f"c{i}" if i else "x"], [f"c{i + 1}"], axis=1) for i in range(40)]
    model(folder / "concat_doubling.onnx", doubled + head("c40"))
    constant = [helper.make_node("Concat", [f"c{i}", f"c{i}"], [f"c{i + 1}"], axis=0) for i in range(40)]
    use = [helper.make_node("Add", ["x", "c40"], ["z"])]
    model(folder / "constant_doubling.onnx", constant + use + head("z"), [("c0", np.zeros(1, np.float32))])
    added = [helper.make_node("Add", [f"c{i}" if i else "x", f"c{i}" if i else "x"], [f"c{i + 1}"]) for i in range(2000)]
    model(folder / "sums_2000.onnx", added + head("c2000"))
    filled = [helper.make_node("ConstantOfShape", ["s"], [f"c{i}"]) for i in range(100)]
    gathered = [helper.make_node("Gather", [f"c{i}", "zero"], [f"g{i}"]) for i in range(100)]
    use = [helper.make_node("Add", ["x" if i == 0 else f"z{i}", f"g{i}"], [f"z{i + 1}"]) for i in range(100)]
    model(folder / "filled_100.onnx", filled + gathered + use + head("z100"), [("s", np.array([1 << 26])), ("zero", np.array(0))])
    outer = [helper.make_node("Mul", ["a", "b"], ["m"]), helper.make_node("Add", ["x", "m"], ["z"])]
    vector = np.ones(1 << 13, np.float32)
    model(folder / "outer_product.onnx", outer + head("z"), [("a", vector.reshape(-1, 1)), ("b", vector)])
    model(folder / "concat_20000.onnx", [helper.make_node("Concat", ["x"] * CHAIN, ["z"], axis=1)] + head("z"))
    unused = [(f"unused{number}", np.zeros(1, np.float32)) for number in range(50_000)]
    model(folder / "initializers_50000.onnx", head("x"), unused)
    model(folder / "long_name.onnx", [helper.make_node("Nonsense", ["x"], ["z"], name="n" * 1_000_000)] + head("z"))
    model(folder / "newline_name.onnx", [helper.make_node("Nonsense", ["x"], ["z"], name="bad\n\x1b[31mname\r")] + head("z"))
    many = [helper.make_node("Nonsense", ["x"], [f"z{number}"]) for number in range(CHAIN)]
    model(folder / "unsupported_20000.onnx", many + head("z1"))


def others(folder):
    (folder / "deep.json").write_text("[" * 100_000)
    (folder / "long_line.txt").write_text("a" * 4_000_000)
    (folder / "many_lines.txt").write_text("no_such_picture.jpg\n" * 100_000)
    (folder / "huge.ppm").write_bytes(b"P6\n65535 65535\n255\n" + bytes(100))
    (folder / "extents.ppm").write_bytes(b"P6\n2147483647 2147483647\n255\n" + bytes(100))
    (folder / "digits.ppm").write_bytes(b"P6\n" + b"9" * 1_000_000)
    (folder / "empty").write_bytes(b"")
    os.mkfifo(folder / "fifo")
    (folder / "directory").mkdir()


def carriers(folder):
    """Honest models that hostile inputs are run with, as ONNX."""
    random = np.random.default_rng(0)
    linear = [helper.make_node("Flatten", ["x"], ["f"]), helper.make_node("Gemm", ["f", "w"], ["y"], transB=1)]

    def carrier(name, height, width, classes, scale):
        weights = random.standard_normal((classes, 3 * height * width)).astype(np.float32) * np.float32(scale)
        model(folder / name, linear, [("w", weights)], ("N", 3, height, width))

    carrier("small.onnx", 8, 8, 10, 0.1)
    carrier("wide.onnx", 1, 1, 4096, 1)
    # Any change of a pixel shows in its answers.
    carrier("pixels.onnx", 64, 64, 8, 0.005)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    for part in (arrays, extremes, chains, graphs, others, carriers):
        part(target)
