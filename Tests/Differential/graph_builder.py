"""An ONNX graph under construction: nodes and constants with unique names, and the shape of every value (batch apart)."""

from dataclasses import dataclass

import numpy as np
from onnx import TensorProto, helper, numpy_helper


@dataclass(frozen=True)
class Value:
    name: str
    # (channels, height, width) of a map, (channels,) of a vector
    shape: tuple
    # whether no value is below zero, as after a ReLU
    is_nonnegative: bool = False

    @property
    def channels(self):
        return self.shape[0]


class GraphBuilder:
    """`random` decides between the spellings that exporters use for one thing; what is computed does not depend on it."""

    def __init__(self, random, opset, shape, channels_last=False):
        self.random = random
        self.opset = opset
        self.nodes = []
        self.initializers = []
        self.channels_last = channels_last
        self.batch = "N" if random.random() < 0.7 else 1
        self.input = Value("input", shape)

    def chance(self, probability):
        return self.random.random() < probability

    def choice(self, options):
        """One of a sequence, whatever its elements are."""
        return options[int(self.random.integers(len(options)))]

    # Constants and nodes

    def unique(self, what):
        return f"{what.lower()}_{len(self.nodes) + len(self.initializers)}"

    def constant(self, array, what="constant"):
        """An initializer or, now and then, what a Constant node gives."""
        array = np.asarray(array)
        tensor = numpy_helper.from_array(array, self.unique(what))
        if self.chance(0.15):
            self.nodes.append(helper.make_node("Constant", [], [tensor.name], name=f"node_{tensor.name}", value=tensor))
        else:
            self.initializers.append(tensor)
        return tensor.name

    def floats(self, array, what="constant"):
        return self.constant(np.asarray(array, dtype=np.float32), what)

    def integers(self, array, what="integers"):
        return self.constant(np.asarray(array, dtype=np.int64), what)

    def node(self, kind, inputs, **attributes):
        """The output's name."""
        name = self.unique(kind)
        names = [value.name if isinstance(value, Value) else value for value in inputs]
        self.nodes.append(helper.make_node(kind, names, [name], name=f"node_{name}", **attributes))
        return name

    def elementwise(self, kind, inputs, is_nonnegative=False, **attributes):
        """The value that a node of the first input's shape gives."""
        return Value(self.node(kind, inputs, **attributes), inputs[0].shape, is_nonnegative)

    def either_order(self, kind, a, b, is_nonnegative=False):
        """A commutative node; the shape is that of `a`."""
        operands = [a, b] if self.chance(0.5) else [b, a]
        return Value(self.node(kind, operands), a.shape, is_nonnegative)

    # What differs between opsets

    def with_axes(self, kind, value, axes, input_since, **attributes):
        """A node whose axes are an attribute before an opset, an input from then on."""
        if self.opset >= input_since:
            return self.node(kind, [value, self.integers(axes, "axes")], **attributes)
        return self.node(kind, [value], axes=list(axes), **attributes)

    def clip(self, value, low, high):
        """A clamp; None leaves an end open."""
        is_nonnegative = low is not None and low >= 0
        if self.opset < 11:
            bounds = {name: float(bound) for name, bound in (("min", low), ("max", high)) if bound is not None}
            return self.elementwise("Clip", [value], is_nonnegative, **bounds)
        inputs = [value, "" if low is None else self.floats(low, "low")]
        if high is not None:
            inputs.append(self.floats(high, "high"))
        return self.elementwise("Clip", inputs, is_nonnegative)

    # The whole

    def model(self, output):
        """The model whose output is `output`."""
        _, height, width = self.input.shape
        dimensions = [self.batch, height, width, 3] if self.channels_last else [self.batch, 3, height, width]
        graph = helper.make_graph(
            self.nodes, "differential", [helper.make_tensor_value_info("input", TensorProto.FLOAT, dimensions)],
            [helper.make_tensor_value_info(output.name, TensorProto.FLOAT, None)], self.initializers)
        # Format 4 is the first whose initializers are no inputs; format 10 is the last that opset 22 needs.
        version = 4 if self.opset < 10 else 7 if self.opset < 15 else 10
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", self.opset)], ir_version=version)
