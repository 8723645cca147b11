"""Random convolutions, batch normalization, linear layers. Weights keep activations near 1; now and then a range is hostile."""

import numpy as np

from graph_builder import Value

MOST_CHANNELS = 48


def weights(builder, shape, fan_in):
    """He-scaled weights; one layer in six has channels of very unlike sizes, a dead one, or a single huge weight."""
    result = builder.random.standard_normal(shape) * np.sqrt(1.5 / fan_in)
    if builder.chance(1 / 6):
        hostility = builder.choice(["unlike", "dead", "outlier", "equal"])
        if hostility == "unlike":
            factors = 10 ** builder.random.uniform(-3, 0.5, shape[0])
            result *= factors.reshape([-1] + [1] * (len(shape) - 1))
        elif hostility == "dead":
            result[builder.random.random(shape[0]) < 0.4] = 0
        elif hostility == "outlier":
            result.flat[int(builder.random.integers(result.size))] = 6
        else:
            result[0] = result[0].mean()
    return result


def biases(builder, count):
    """Mostly small; one in eight has some that no activation makes up for."""
    result = builder.random.normal(0, 0.2, count)
    if builder.chance(1 / 8):
        chosen = builder.random.random(count) < 0.3
        result[chosen] = builder.random.normal(0, 8, count)[chosen]
    return result


def windowed_size(size, kernel, stride, dilation, pads):
    room = size + sum(pads) - dilation * (kernel - 1) - 1
    return room // stride + 1 if room >= 0 else 0


def window(builder, height, width, largest_stride=3, dilates=True):
    """Attributes of a window that fits, and the size that it gives; None where the drawn one does not fit."""
    pairs = [(1, 1), (3, 3), (3, 3), (5, 5), (7, 7), (1, 3), (5, 1), (2, 2), (4, 3), (3, 2), (1, 7)]
    kernel = builder.choice(pairs)
    stride = builder.choice([(1, 1), (1, 1), (2, 2), (2, 1), (1, 2), (3, 3), (3, 2)])
    stride = tuple(min(step, largest_stride) for step in stride)
    dilation = builder.choice([(1, 1), (1, 1), (1, 1), (2, 2), (3, 1), (1, 2)]) if dilates else (1, 1)
    attributes = {"kernel_shape": kernel, "strides": stride}
    rule = builder.choice(["explicit", "explicit", "explicit", "SAME_UPPER", "SAME_LOWER", "VALID"])
    sizes = (height, width)
    # Strides beyond the kernel: ONNX Runtime finds negative SAME padding there, and refuses it.
    if rule.startswith("SAME") and all(extent >= step for extent, step in zip(kernel, stride)):
        dilation = (1, 1)
        result = [-(-size // step) for size, step in zip(sizes, stride)]
    else:
        spans = [(extent - 1) * spacing + 1 for extent, spacing in zip(kernel, dilation)]
        rule = "VALID" if rule == "VALID" else "explicit"
        pads = [[0, 0], [0, 0]] if rule == "VALID" else explicit_pads(builder, spans)
        if rule == "explicit":
            attributes["pads"] = [pads[0][0], pads[1][0], pads[0][1], pads[1][1]]
        result = [windowed_size(*axis) for axis in zip(sizes, kernel, stride, dilation, pads)]
    if rule != "explicit":
        attributes["auto_pad"] = rule
    if dilation != (1, 1):
        attributes["dilations"] = dilation
    return (attributes, tuple(result)) if min(result) > 0 else None


def explicit_pads(builder, spans):
    """Before and after, of each axis: as keeps the size, asymmetric, or none; less than the window is wide."""
    kind = builder.choice(["keeping", "keeping", "asymmetric", "none"])
    if kind == "none":
        return [[0, 0], [0, 0]]
    if kind == "keeping":
        return [[(span - 1) // 2, span // 2] for span in spans]
    return [[int(pad) for pad in builder.random.integers(0, span, 2)] for span in spans]


def fitting_window(builder, height, width, **options):
    while True:
        if drawn := window(builder, height, width, **options):
            return drawn


def grouping(builder, inputs, outputs):
    """Groups and outputs: dense, depthwise, depthwise with two outputs a channel, or a few groups."""
    kind = builder.choice(["dense", "dense", "depthwise", "depthwise", "multiplied", "grouped"])
    if kind == "depthwise":
        return inputs, inputs
    if kind == "multiplied" and 2 * inputs <= MOST_CHANNELS:
        return inputs, 2 * inputs
    if kind == "grouped":
        divisors = [count for count in range(2, 9) if inputs % count == 0]
        if divisors:
            groups = builder.choice(divisors)
            return groups, max(outputs // groups, 1) * groups
    return 1, outputs


def convolve(builder, value, outputs, groups, attributes, size, has_bias=None):
    """The Conv node, of the window that `attributes` describe."""
    per_group = value.channels // groups
    kernel = attributes["kernel_shape"]
    shape = (outputs, per_group, *kernel)
    inputs = [value, builder.floats(weights(builder, shape, per_group * kernel[0] * kernel[1]), "weights")]
    if builder.chance(0.5) if has_bias is None else has_bias:
        inputs.append(builder.floats(biases(builder, outputs), "bias"))
    stated = dict(attributes)
    if builder.chance(0.2):
        del stated["kernel_shape"]
    if groups != 1:
        stated["group"] = groups
    return Value(builder.node("Conv", inputs, **stated), (outputs, *size))


def convolution(builder, value):
    """Any window, any grouping."""
    attributes, size = fitting_window(builder, *value.shape[1:])
    outputs = int(builder.random.integers(1, MOST_CHANNELS + 1))
    groups, outputs = grouping(builder, value.channels, outputs)
    return convolve(builder, value, outputs, groups, attributes, size)


def pointwise(builder, value, outputs, has_bias=None):
    return convolve(builder, value, outputs, 1, {"kernel_shape": (1, 1)}, value.shape[1:], has_bias)


def same_size(builder, value, outputs, groups=1):
    """A convolution that keeps height and width."""
    kernel = builder.choice([1, 3, 3, 5])
    attributes = {"kernel_shape": (kernel, kernel), "pads": [kernel // 2] * 4}
    return convolve(builder, value, outputs, groups, attributes, value.shape[1:])


def batch_normalization(builder, value):
    """Statistics as training leaves them; one in six has channels that hardly vary, that are off, or that stay at one value."""
    count = value.channels
    scale = builder.random.uniform(0.5, 1.5, count) * builder.choice([-1, 1, 1, 1])
    shift = builder.random.normal(0, 0.3, count)
    mean = builder.random.normal(0, 0.3, count)
    variance = builder.random.uniform(0.5, 2, count)
    if builder.chance(1 / 6):
        chosen = builder.random.random(count) < 0.3
        hostility = builder.choice(["still", "constant", "unlike"])
        if hostility == "still":
            variance[chosen], scale[chosen] = 1e-7, 1e-3
        elif hostility == "constant":
            scale[chosen] = 0
        else:
            scale *= 10 ** builder.random.uniform(-2.5, 0.7, count)
    named = {"scale": scale, "shift": shift, "mean": mean, "variance": variance}
    parameters = [builder.floats(array, what) for what, array in named.items()]
    attributes = {} if builder.chance(0.5) else {"epsilon": builder.choice([1e-3, 1e-5])}
    return builder.elementwise("BatchNormalization", [value, *parameters], **attributes)


def linear(builder, value, outputs):
    """A vector times a matrix, as Gemm or as MatMul."""
    matrix = weights(builder, (outputs, value.channels), value.channels)
    if builder.chance(0.4):
        name = builder.node("MatMul", [value, builder.floats(matrix.T, "matrix")])
        result = Value(name, (outputs,))
        return builder.either_order("Add", result, builder.floats(biases(builder, outputs), "bias")) if builder.chance(0.7) else result
    transposes = builder.chance(0.7)
    attributes = {"transB": 1} if transposes else {}
    attributes.update(builder.choice([{}, {}, {"alpha": 0.5, "beta": 2.0}]))
    inputs = [value, builder.floats(matrix if transposes else matrix.T, "matrix")]
    if builder.opset < 11 or builder.chance(0.8):
        inputs.append(builder.floats(biases(builder, outputs), "bias"))
    return Value(builder.node("Gemm", inputs, **attributes), (outputs,))
