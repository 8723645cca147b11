"""Exports of Paddle's networks by paddle2onnx."""

import os

os.environ["POLYGRAPHY_AUTOINSTALL_DEPS"] = "0"
os.environ["OMP_NUM_THREADS"] = "1"

import paddle
from paddle.vision import models

import exporter
import paddle_networks
import pictures

VISION = {
    "MobileNetV1": models.mobilenet_v1, "MobileNetV2": models.mobilenet_v2, "MobileNetV3Small": models.mobilenet_v3_small,
    "MobileNetV3Large": models.mobilenet_v3_large, "ShuffleNetV2": models.shufflenet_v2_x1_0,
}


def build(network, _, statistics):
    paddle.seed(1)
    name = network.split("/")[1]
    model = VISION.get(name, getattr(paddle_networks, name, None))()
    preparation = pictures.imagenet()
    realistic(model, paddle.to_tensor(preparation(statistics)))
    return model, preparation


def realistic(model, x):
    """Batch norms with scales, offsets and the statistics of pictures, so that all maps are of the order of 1 and differ by channel."""
    model.eval()
    norms = [layer for layer in model.sublayers() if isinstance(layer, (paddle.nn.BatchNorm, paddle.nn.layer.norm._BatchNormBase))]
    with paddle.no_grad():
        for norm in norms:
            norm.weight.set_value(paddle.uniform(norm.weight.shape, min=0.5, max=1.5))
            norm.bias.set_value(paddle.normal(0.0, 0.2, norm.bias.shape))
            norm._momentum = 0.0
            norm.train()
        model(x)
        for norm in norms:
            norm._variance.set_value(paddle.clip(norm._variance, min=1e-3))
    model.eval()


def write(model, preparation, export, path):
    batch = -1 if "dynamic" in export.options else 1
    shape = paddle.static.InputSpec([batch, 3, preparation.height, preparation.width], "float32", "x")
    paddle.onnx.export(model, str(path.with_suffix("")), input_spec=[shape], opset_version=export.opset)


if __name__ == "__main__":
    exporter.main(build, write)
