"""Random blocks of a network: each takes a builder and a map and gives a map. `BLOCKS` lists them with how often they are drawn."""

import numpy as np
from onnx import TensorProto

from activations import GATES, any_activation, relu
from convolutions import (
    MOST_CHANNELS, batch_normalization, convolution, convolve, fitting_window, linear, pointwise, same_size, windowed_size)
from graph_builder import Value


def normalized(builder, value):
    """With batch normalization and an activation, or without either."""
    if builder.chance(0.5):
        value = batch_normalization(builder, value)
    return any_activation(builder, value) if builder.chance(0.7) else value


def convolution_block(builder, value):
    return normalized(builder, convolution(builder, value))


def global_mean(builder, value, keeps=True):
    """[C, 1, 1], or [C], in one of the spellings of a mean over the map."""
    _, height, width = value.shape
    spelling = builder.choice(["pool", "pool", "mean", "window"])
    if not keeps or spelling == "mean":
        axes = builder.choice([(2, 3), (-1, -2), (3, 2)])
        name = builder.with_axes("ReduceMean", value, axes, 18, keepdims=int(keeps))
    elif spelling == "window":
        name = builder.node("AveragePool", [value], kernel_shape=(height, width))
    else:
        name = builder.node("GlobalAveragePool", [value])
    return Value(name, (value.channels, 1, 1) if keeps else (value.channels,), value.is_nonnegative)


def squeeze_and_excite(builder, value):
    inner = max(value.channels // 4, 1)
    if builder.chance(0.25):
        mean = global_mean(builder, value, keeps=False)
        gate = builder.choice(GATES)(builder, linear(builder, relu(builder, linear(builder, mean, inner)), value.channels))
        gate = Value(builder.with_axes("Unsqueeze", gate, (2, 3), 13), (value.channels, 1, 1))
    else:
        hidden = relu(builder, pointwise(builder, global_mean(builder, value), inner))
        gate = builder.choice(GATES)(builder, pointwise(builder, hidden, value.channels))
    return builder.either_order("Mul", value, gate, value.is_nonnegative)


def inverted_residual(builder, value):
    """As in MobileNetV3: expansion, depthwise convolution, squeeze-and-excite, projection, addition."""
    expanded = min(value.channels * builder.choice([1, 2, 3]), 2 * MOST_CHANNELS)
    hidden = any_activation(builder, batch_normalization(builder, pointwise(builder, value, expanded, has_bias=False)))
    hidden = any_activation(builder, batch_normalization(builder, same_size(builder, hidden, expanded, groups=expanded)))
    if builder.chance(0.5):
        hidden = squeeze_and_excite(builder, hidden)
    return builder.either_order("Add", value, batch_normalization(builder, pointwise(builder, hidden, value.channels)))


def residual(builder, value):
    """A sum or product of the map with itself, or with what was made of it."""
    kind = builder.choice(["itself", "convolution", "two convolutions", "product", "square", "vector"])
    if kind == "itself":
        result = builder.elementwise("Add", [value, value], value.is_nonnegative)
    elif kind == "square":
        result = builder.elementwise("Mul", [value, builder.clip(value, -2, 2)])
    elif kind == "product":
        result = builder.either_order("Mul", value, builder.choice(GATES)(builder, same_size(builder, value, value.channels)))
    elif kind == "two convolutions":
        shortcut = normalized(builder, pointwise(builder, value, value.channels))
        result = builder.either_order("Add", shortcut, normalized(builder, same_size(builder, value, value.channels)))
    else:
        result = builder.either_order("Add", value, normalized(builder, same_size(builder, value, value.channels)))
    return any_activation(builder, result) if builder.chance(0.4) else result


def concatenation(builder, value):
    """Two or three branches, the map itself possibly among them, even twice."""
    branches = [value if builder.chance(0.3) else normalized(builder, same_size(builder, value, int(builder.random.integers(1, 20))))
                for _ in range(builder.choice([2, 2, 3]))]
    channels = sum(branch.channels for branch in branches)
    result = Value(builder.node("Concat", branches, axis=builder.choice([1, -3])), (channels, *value.shape[1:]))
    return pointwise(builder, result, MOST_CHANNELS // 2) if channels > MOST_CHANNELS else result


def pooling(builder, value):
    attributes, size = fitting_window(builder, *value.shape[1:], largest_stride=2, dilates=False)
    kind = builder.choice(["MaxPool", "AveragePool"])
    takes_ceiling = builder.opset >= 10 and "auto_pad" not in attributes and builder.chance(0.4)
    if takes_ceiling and (larger := rounded_up(builder, value, attributes)):
        attributes["ceil_mode"], size = 1, larger
    elif kind == "AveragePool" and builder.chance(0.4):
        attributes["count_include_pad"] = 1
    return Value(builder.node(kind, [value], **attributes), (value.channels, *size), value.is_nonnegative)


def rounded_up(builder, value, attributes):
    """The size that ceil_mode gives. A last window that would start after the map does not count; before opset 22 ONNX's shape inference
    counts it, and ONNX Runtime, which does not, then refuses what reads the map: None."""
    result = []
    pads = attributes["pads"]
    for size, kernel, stride, before, after in zip(value.shape[1:], attributes["kernel_shape"], attributes["strides"], pads[:2], pads[2:]):
        count = -(-(size + before + after - kernel) // stride) + 1
        if (count - 1) * stride >= size + before:
            count -= 1
            if builder.opset < 22:
                return None
        result.append(count)
    return tuple(result)


def constants(builder, value):
    """Arithmetic with one number, or one a channel."""
    per_channel = builder.chance(0.5)
    shape = builder.choice([(value.channels, 1, 1), (1, value.channels, 1, 1)]) if per_channel else builder.choice([(), (1,), (1, 1, 1)])
    numbers = builder.random.uniform(0.5, 1.5, shape)
    kind = builder.choice(["Add", "Mul", "Sub", "Sub from", "Div"])
    constant = computed(builder, numbers)
    if kind == "Sub from":
        return Value(builder.node("Sub", [constant, value]), value.shape)
    if kind in ("Sub", "Div"):
        return Value(builder.node(kind, [value, constant]), value.shape)
    return builder.either_order(kind, value, constant)


def computed(builder, numbers):
    """A constant as it is, or as nodes compute it from others."""
    how = builder.choice(["given", "given", "sum", "reshaped"])
    if how == "sum":
        return builder.node("Add", [builder.floats(numbers - 0.25), builder.floats(0.25)])
    if how == "reshaped" and np.ndim(numbers) > 0:
        return builder.node("Reshape", [builder.floats(np.ravel(numbers)), builder.integers(np.shape(numbers), "shape")])
    return builder.floats(numbers)


def padding(builder, value):
    """Zeros around the map, then what may take them in: a convolution, a pooling, or neither."""
    amounts = [int(amount) for amount in builder.random.integers(0, 3, 4)]
    top, left, bottom, right = amounts
    if builder.opset >= 18 and builder.chance(0.5):
        name = builder.node("Pad", [value, builder.integers(amounts, "pads"), "", builder.integers((2, 3), "axes")])
    elif builder.opset >= 11:
        inputs = [value, builder.integers([0, 0, top, left, 0, 0, bottom, right], "pads")]
        name = builder.node("Pad", inputs + ([builder.floats(0)] if builder.chance(0.5) else []), mode="constant")
    else:
        name = builder.node("Pad", [value], pads=[0, 0, top, left, 0, 0, bottom, right])
    _, height, width = value.shape
    padded = Value(name, (value.channels, height + top + bottom, width + left + right), value.is_nonnegative)
    after = builder.choice(["convolution", "convolution", "pool", "nothing"])
    if after == "nothing":
        return padded
    kernel, stride = builder.choice([(3, 1), (3, 2), (2, 2)])
    size = tuple(windowed_size(extent, kernel, stride, 1, (0, 0)) for extent in padded.shape[1:])
    if min(size) < 1:
        return padded
    attributes = {"kernel_shape": (kernel, kernel), "strides": (stride, stride)}
    if after == "convolution":
        groups = builder.choice([1, padded.channels])
        return normalized(builder, convolve(builder, padded, padded.channels, groups, attributes, size))
    pooled = builder.node(builder.choice(["MaxPool", "AveragePool"]), [padded], **attributes)
    return Value(pooled, (padded.channels, *size), value.is_nonnegative)


def transposed(builder, value):
    """Channels last for a while, as exports from TensorFlow have it."""
    channels, height, width = value.shape
    last = Value(builder.node("Transpose", [value], perm=[0, 2, 3, 1]), (height, width, channels))
    if builder.chance(0.4):
        last = builder.either_order("Add", last, builder.floats(builder.random.normal(0, 0.3, channels), "bias"))
    last = any_activation(builder, last) if builder.chance(0.7) else last
    if builder.chance(0.3):
        last = builder.either_order("Add", last, Value(builder.node("Transpose", [value], perm=[0, 2, 3, 1]), last.shape))
    return Value(builder.node("Transpose", [last], perm=[0, 3, 1, 2]), value.shape)


def nothing(builder, value):
    """Nodes that change nothing."""
    kind = builder.choice(["Identity", "Dropout", "Cast"])
    attributes = {"to": TensorProto.FLOAT} if kind == "Cast" else {}
    return builder.elementwise(kind, [value], value.is_nonnegative, **attributes)


BLOCKS = (
    [convolution_block] * 8 + [inverted_residual] * 4 + [residual] * 3 + [squeeze_and_excite] * 2 + [pooling] * 3 + [concatenation] * 2
    + [constants] * 2 + [padding] * 2 + [any_activation, batch_normalization, transposed, nothing])
