"""Exports of Keras' applications: its own, which calls tf2onnx, and tf2onnx over a SavedModel."""

import os
import shutil
import subprocess
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras
import numpy as np
import tensorflow

import exporter
import pictures

tensorflow.config.threading.set_intra_op_parallelism_threads(1)
tensorflow.config.threading.set_inter_op_parallelism_threads(1)


def build(network, _, statistics):
    keras.utils.set_random_seed(1)
    name = network.split("/")[1]
    # MobileNetV3 and EfficientNet scale pixels in the graph.
    preparation = pictures.Preparation(mean=(127.5,), std=(127.5,)) if name in ("MobileNet", "MobileNetV2") else pictures.Preparation()
    if name == "grayscale":
        model, preparation = grayscale(), pictures.Preparation(64, 64, 1, (0.0,), (255.0,))
    else:
        model = getattr(keras.applications, name)(weights=None)
    realistic(model, preparation(statistics).transpose(0, 2, 3, 1))
    return model, preparation


def grayscale():
    """What a tutorial trains on digits, with batch norm."""
    layers = keras.layers
    model = [keras.Input((64, 64, 1))]
    for channels in (16, 32, 64):
        model += [layers.Conv2D(channels, 3, padding="same"), layers.BatchNormalization(), layers.ReLU(), layers.MaxPooling2D()]
    return keras.Sequential([*model, layers.Flatten(), layers.Dropout(0.5), layers.Dense(10, activation="softmax")])


def realistic(model, x):
    """Batch norms with scales, offsets and the statistics of pictures, so that all maps are of the order of 1 and differ by channel."""
    random = np.random.default_rng(1)
    norms = [layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)]
    dropouts = [layer for layer in model.layers if isinstance(layer, keras.layers.Dropout)]
    rates, momenta = [layer.rate for layer in dropouts], [layer.momentum for layer in norms]
    for layer in norms:
        if layer.gamma is not None:
            layer.gamma.assign(random.uniform(0.5, 1.5, layer.gamma.shape))
        if layer.beta is not None:
            layer.beta.assign(random.normal(0, 0.2, layer.beta.shape))
        layer.momentum = 0.0
    for layer in dropouts:
        layer.rate = 0.0
    model(x, training=True)
    for layer, momentum in zip(norms, momenta):
        layer.moving_variance.assign(np.maximum(layer.moving_variance, 1e-3))
        layer.momentum = momentum
    for layer, rate in zip(dropouts, rates):
        layer.rate = rate
    model(x[:1])


def write(model, preparation, export, path):
    if export.exporter == "keras":
        options = {"opset_version": export.opset} if export.opset else {}
        model.export(str(path), format="onnx", verbose=False, **options)
        return
    saved = path.with_suffix(".saved")
    try:
        model.export(str(saved), verbose=False)
        command = [sys.executable, "-m", "tf2onnx.convert", "--saved-model", saved, "--output", path, "--opset", export.opset]
        if "nchw" in export.options:
            command += ["--inputs-as-nchw", model.inputs[0].name]
        result = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
        if result.returncode:
            raise RuntimeError(result.stderr.strip().splitlines()[-1])
    finally:
        shutil.rmtree(saved, ignore_errors=True)


if __name__ == "__main__":
    exporter.main(build, write)
