"""The operators of a model with their shapes, as `swiftlet inspect --layers --json` tells them."""

import json
import subprocess
from dataclasses import dataclass

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


def window(layer):
    """Kernel, stride, dilation and padding, under the names of sk_shape."""
    pairs = {"kernel": layer["kernel_size"], "stride": layer["stride"], "dilation": layer["dilation"]}
    fields = {f"{name}_{side}": value for name, pair in pairs.items() for side, value in zip("hw", pair)}
    padding = zip(["pad_top", "pad_left", "pad_bottom", "pad_right"], layer["padding"])
    return fields | dict(padding) | {"groups": layer["groups"]}


def operator(layer, shapes):
    source, target = shapes[layer["inputs"][0]], layer["shape"]
    fields = dict(zip(["in_h", "in_w", "in_c", "out_h", "out_w", "out_c"], [*source, *target]))
    if layer["activation"] not in ACTIVATIONS:
        raise SystemExit(f"predict: {layer['name']}: activation {layer['activation']} is of FP32 models; this predicts int8")
    fields["activation"] = ACTIVATIONS[layer["activation"]]
    kind = layer["kind"]
    if kind in ("conv_s8", "depthwise_s8"):
        fields |= window(layer)
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
