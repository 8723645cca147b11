#!/usr/bin/env python3
"""Writes the random network of a seed, pictures to calibrate on and pictures to run.   usage: generate.py SEED FOLDER"""

import sys
from pathlib import Path

import numpy as np
import onnx

from blocks import BLOCKS
from convolutions import convolution
from graph_builder import GraphBuilder, Value
from heads import head, probabilities

CALIBRATION_PICTURES = 6
PICTURES = 3
LARGEST_MAP = 20_000


def network(seed):
    """A network of 3 to about 20 nodes, and the [channels, height, width] of its input."""
    random = np.random.default_rng(seed)
    shape = (3, int(random.integers(8, 41)), int(random.integers(8, 41)))
    builder = GraphBuilder(random, int(random.integers(9, 23)), shape, channels_last=random.random() < 0.15)
    value = builder.input
    if builder.channels_last:
        value = Value(builder.node("Transpose", [value], perm=[0, 3, 1, 2]), shape)
    wanted = int(random.integers(2, 13))
    while len(builder.nodes) < wanted:
        is_large = value.shape[0] * value.shape[1] * value.shape[2] > LARGEST_MAP
        value = (convolution if is_large else builder.choice(BLOCKS))(builder, value)
    value = head(builder, value, int(random.integers(2, 40)))
    if builder.chance(0.15):
        value = probabilities(builder, value)
    return builder.model(value), shape


def pictures(random, count, shape):
    """Patches with noise over them, at most about 2.5 in size, as normalized pictures are."""
    _, height, width = shape
    patch = int(random.integers(3, 12))
    coarse = random.uniform(-2, 2, (count, 3, -(-height // patch), -(-width // patch)))
    smooth = coarse.repeat(patch, 2).repeat(patch, 3)[:, :, :height, :width]
    return (smooth + random.normal(0, 0.25, smooth.shape)).astype(np.float32)


def write(seed, folder):
    """model.onnx, calibration.npy and input.npy, whose last picture goes far beyond what the quantizer has seen."""
    model, shape = network(seed)
    onnx.save(model, folder / "model.onnx")
    random = np.random.default_rng([seed, 1])
    np.save(folder / "calibration.npy", pictures(random, CALIBRATION_PICTURES, shape))
    inputs = pictures(random, PICTURES, shape)
    inputs[-1] *= 4
    np.save(folder / "input.npy", inputs)


if __name__ == "__main__":
    if len(sys.argv) != 3 or not sys.argv[1].isdigit():
        sys.exit(__doc__)
    target = Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    write(int(sys.argv[1]), target)
