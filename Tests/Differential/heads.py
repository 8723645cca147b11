"""Random heads: each takes a builder and a map and gives the vector of logits, or of probabilities."""

from activations import any_activation
from blocks import global_mean
from convolutions import linear, pointwise
from graph_builder import Value

MOST_FLATTENED = 3000


def flattened(builder, value):
    """A map as a vector, in one of the spellings. What only takes vectors ([C, 1, 1]) is drawn for those."""
    count = value.shape[0] * value.shape[1] * value.shape[2]
    spellings = ["Flatten", "Reshape", "computed"] + (["Squeeze"] if value.shape[1:] == (1, 1) else [])
    spelling = builder.choice(spellings)
    if spelling == "Flatten":
        name = builder.node("Flatten", [value], **builder.choice([{}, {"axis": 1}]))
    elif spelling == "Squeeze":
        name = builder.with_axes("Squeeze", value, (2, 3), 13)
    elif spelling == "Reshape":
        shapes = [(0, -1), (-1, count), (0, count)] + ([(1, -1)] if builder.batch == 1 else [])
        name = builder.node("Reshape", [value, builder.integers(builder.choice(shapes), "shape")])
    else:
        # As PyTorch has written x.view(x.size(0), -1).
        batch = builder.node("Gather", [builder.node("Shape", [value]), builder.integers(0, "index")], axis=0)
        batch = builder.with_axes("Unsqueeze", batch, (0,), 13)
        name = builder.node("Reshape", [value, builder.node("Concat", [batch, builder.integers([-1])], axis=0)])
    return Value(name, (count,), value.is_nonnegative)


def transposed_flattening(builder, value):
    """The map flattened with its channels varying fastest."""
    channels, height, width = value.shape
    last = Value(builder.node("Transpose", [value], perm=[0, 2, 3, 1]), (height, width, channels))
    return flattened(builder, last)


def head(builder, value, classes):
    kind = builder.choice(["linear", "linear", "mean", "convolution", "flatten", "channels last"])
    is_small = value.shape[0] * value.shape[1] * value.shape[2] <= MOST_FLATTENED
    if kind == "convolution":
        return flattened(builder, pointwise(builder, global_mean(builder, value), classes))
    if kind == "flatten" and is_small:
        vector = flattened(builder, value)
    elif kind == "channels last" and is_small:
        return linear(builder, transposed_flattening(builder, value), classes)
    elif kind == "mean":
        vector = global_mean(builder, value, keeps=False)
    else:
        vector = flattened(builder, global_mean(builder, value))
    if builder.chance(0.4):
        vector = any_activation(builder, linear(builder, vector, int(builder.random.integers(4, 64))))
    return linear(builder, vector, classes)


def probabilities(builder, value):
    """With a softmax over the classes."""
    axis = {} if builder.chance(0.3) else {"axis": builder.choice([1, -1])}
    return Value(builder.node("Softmax", [value], **axis), value.shape)
