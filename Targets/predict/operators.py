"""The operators of a model with their shapes, as `swiftlet inspect --layers --json` tells them."""

import json
import subprocess
from dataclasses import dataclass
from math import isqrt

ACTIVATIONS = {"linear": 0, "hard-swish": 1}  # sk_activation


@dataclass
class Operator:
    name: str
    kind: str
    fields: dict  # of sk_shape
    macs: int

    def line(self):
        """What driver.c reads."""
        return " ".join([self.kind] + [f"{field}={value}" for field, value in self.fields.items()])


def window(layer, source, target, groups):
    """Kernel, stride and padding, which inspect does not tell: square windows and "same" padding, as all networks of this family have."""
    in_h, in_w, in_c = source
    out_h, out_w, out_c = target
    kernel = isqrt(layer["macs"] * groups // (out_h * out_w * out_c * in_c))
    stride = -(-in_h // out_h)
    if kernel * kernel * out_h * out_w * out_c * in_c != layer["macs"] * groups or -(-in_h // stride) != out_h or -(-in_w // stride) != out_w:
        raise SystemExit(f"predict: {layer['name']}: not a square window with 'same' padding")
    before = (kernel - 1) // 2
    after = [max(0, (n - 1) * stride + kernel - m - before) for n, m in ((out_h, in_h), (out_w, in_w))]
    return {
        "kernel_h": kernel, "kernel_w": kernel, "stride_h": stride, "stride_w": stride,
        "pad_top": before, "pad_left": before, "pad_bottom": after[0], "pad_right": after[1], "groups": groups,
    }


def operator(layer, shapes):
    source, target = shapes[layer["inputs"][0]], layer["shape"]
    fields = dict(zip(["in_h", "in_w", "in_c", "out_h", "out_w", "out_c"], [*source, *target]))
    if layer["activation"] not in ACTIVATIONS:
        raise SystemExit(f"predict: {layer['name']}: activation {layer['activation']} is of FP32 models; this predicts int8")
    fields["activation"] = ACTIVATIONS[layer["activation"]]
    kind = layer["kind"]
    if kind in ("conv_s8", "depthwise_s8"):
        fields |= window(layer, source, target, source[2] if kind == "depthwise_s8" else 1)
        fields["residual"] = len(layer["inputs"]) - 1
    elif kind in ("mul_s8", "add_s8"):
        fields["gate"] = int(shapes[layer["inputs"][1]] != source)
    elif kind != "global_pool_s8":
        raise SystemExit(f"predict: {layer['name']}: {kind} is not foreseen")
    return Operator(layer["name"], kind, fields, layer["macs"])


def read(swiftlet, model):
    """(name, [Operator]) of a .slet file."""
    text = subprocess.run([swiftlet, "inspect", model, "--layers", "--json"], check=True, capture_output=True, text=True).stdout
    content = json.loads(text)
    shapes = {"input": content["input"]} | {layer["output"]: layer["shape"] for layer in content["layers"]}
    return content["name"], [operator(layer, shapes) for layer in content["layers"]]
