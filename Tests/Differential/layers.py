"""Random layers: each takes a builder and a value and gives the value behind the new nodes. Weights are scaled so that activations stay near 1."""

import numpy as np

from graph_builder import Value

LARGEST_MAP = 24 * 24 * 64


# Activations


def activation(builder, value, kinds=None):
    """One of the activations, in one of its spellings."""
    kind = builder.choice(kinds or ["relu", "relu6", "clip", "hard_swish", "hard_swish", "hard_sigmoid", "sigmoid", "swish", "bound"])
    return ACTIVATIONS[kind](builder, value)


def relu(builder, value):
    if builder.chance(0.15):
        return builder.either_order("Max", value, builder.floats(0.0))._replace_nonnegative()
    return builder.elementwise("Relu", [value], is_nonnegative=True)
