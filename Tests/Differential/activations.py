"""Activations in the spellings that exporters have for them. Each takes a builder and a value and gives the activated value."""


def relu(builder, value):
    if builder.chance(0.2):
        return builder.either_order("Max", value, builder.floats(0), is_nonnegative=True)
    return builder.elementwise("Relu", [value], is_nonnegative=True)


def relu6(builder, value):
    if builder.chance(0.2):
        return builder.either_order("Min", relu(builder, value), builder.floats(6), is_nonnegative=True)
    return builder.clip(value, 0, 6)


def clip(builder, value):
    return builder.clip(value, *builder.choice([(-1, 1), (0, 1), (-0.5, 3), (None, 2), (-1.5, None), (0, None), (0.25, 0.75)]))


def bound(builder, value):
    """A clamp at one end by Min or Max."""
    kind, limit = builder.choice([("Min", 1.5), ("Max", -0.75), ("Max", 0.0)])
    return builder.either_order(kind, value, builder.floats([limit] if builder.chance(0.5) else limit))


def hard_sigmoid(builder, value):
    spelling = builder.choice(["operator", "operator", "divided", "multiplied"])
    if spelling == "operator":
        attributes = builder.choice([{}, {"alpha": 1 / 6, "beta": 0.5}, {"alpha": 1 / 6}, {"alpha": 0.3, "beta": 0.4}])
        return builder.elementwise("HardSigmoid", [value], is_nonnegative=True, **attributes)
    return builder.elementwise(*divided_by_six(builder, clamped(builder, value), spelling), is_nonnegative=True)


def clamped(builder, value):
    """clamp(x + 3, 0, 6)"""
    return relu6(builder, builder.either_order("Add", value, builder.floats(3)))


def divided_by_six(builder, value, spelling):
    """Kind and inputs of the node that divides by 6."""
    if spelling == "divided":
        return "Div", [value, builder.floats(6)]
    return "Mul", [value, builder.floats(1 / 6)]


def hard_swish(builder, value):
    spelling = builder.choice(["operator", "gate", "product first", "factor first", "clamp first"])
    if spelling == "operator" and builder.opset >= 14:
        return builder.elementwise("HardSwish", [value])
    if spelling == "product first":
        product = builder.either_order("Mul", value, clamped(builder, value))
        return builder.elementwise(*divided_by_six(builder, product, builder.choice(["divided", "multiplied"])))
    if spelling == "factor first":
        part = builder.elementwise(*divided_by_six(builder, value, builder.choice(["divided", "multiplied"])))
        return builder.either_order("Mul", part, clamped(builder, value))
    if spelling == "clamp first":
        gate = builder.elementwise(*divided_by_six(builder, clamped(builder, value), builder.choice(["divided", "multiplied"])))
        return builder.either_order("Mul", value, gate)
    return builder.either_order("Mul", value, builder.elementwise("HardSigmoid", [value], alpha=1 / 6, beta=0.5))


def sigmoid(builder, value):
    return builder.elementwise("Sigmoid", [value], is_nonnegative=True)


def swish(builder, value):
    return builder.either_order("Mul", value, sigmoid(builder, value))


COMMON = (relu, relu6, hard_swish, hard_swish, hard_sigmoid, swish)
ALL = COMMON + (clip, bound, sigmoid)
GATES = (hard_sigmoid, sigmoid)


def any_activation(builder, value):
    return builder.choice(ALL if builder.chance(0.3) else COMMON)(builder, value)
