"""Exported files: ONNX Runtime on what `quantize export` writes, beside what swiftlet computes."""

import numpy as np
import onnx
import onnxruntime
from onnx import numpy_helper

from machines import QUANTIZE, Failure, execute

# In steps of the output's grid, of int8: what is exact is off where a picture's values are beyond what float32 holds of their sums.
STEPS = 2
TOLERANCE, FLOOR = 1e-4, 1e-6
UNKNOWN_TABLE = "a table of no function that is known"


def differences(model, inputs, expected):
    """Lines, one for each way to export `model` whose answers to `inputs` are not `expected`.

    The model's own form must give the same; the others, which change it, must run."""
    lines = []
    forms = [("", []), ("-signed", ["--signed-weights"]), ("-fused", ["--fused"]), ("-float", ["--float"]),
             ("-tensor", ["--per-tensor", "--images", inputs])]
    for name, options in forms if model.stem == "int8" else forms[:1]:
        path = model.with_name(f"{model.stem}{name}.onnx")
        try:
            execute([QUANTIZE, "export", model, "-o", path, *options])
        except Failure as failure:
            # A table that several functions were folded into has no form in real values; what is exact still has it.
            if name not in ("-float", "-tensor") or UNKNOWN_TABLE not in str(failure):
                raise
            print(f"{model.parent.name}: no export {' '.join(map(str, options))}: {UNKNOWN_TABLE}")
            continue
        onnx.checker.check_model(onnx.load(path), full_check=True)
        for level in ["ORT_DISABLE_ALL", "ORT_ENABLE_ALL"]:
            values = run(path, np.load(inputs), level)
            if values.shape != expected.shape or not np.isfinite(values).all():
                lines.append(f"exported{name}, {level}: shape {values.shape} instead of {expected.shape}, or values that are not finite")
            elif name in ("", "-signed"):
                lines += apart(values, expected, tolerance(path, expected), f"exported{name}, {level}")
    return lines


def run(path, pictures, level):
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = 1
    settings.log_severity_level = 3
    settings.graph_optimization_level = getattr(onnxruntime.GraphOptimizationLevel, level)
    session = onnxruntime.InferenceSession(path, settings, providers=["CPUExecutionProvider"])
    return session.run(None, {session.get_inputs()[0].name: pictures})[0]


def apart(values, expected, allowed, label):
    for picture, (a, b) in enumerate(zip(values, expected)):
        distance = np.abs(a - b).max()
        if not distance <= allowed:
            yield f"{label}, picture {picture}: {distance:.6g} apart, {allowed:.6g} are allowed"


def tolerance(path, expected):
    """How far values may be apart: two steps of an int8 output, or what single precision leaves."""
    graph = onnx.load(path).graph
    makers = {output: node for node in graph.node for output in node.output}
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    node, is_share, step = makers[graph.output[0].name], False, 0
    while node.op_type in ("Flatten", "Softmax", "Sub", "Mul", "Add", "Clip"):
        is_share |= node.op_type == "Softmax"
        if node.op_type == "Mul" and node.input[1] in constants:
            step = np.abs(constants[node.input[1]]).max()
        if node.input[0] not in makers:
            break
        node = makers[node.input[0]]
    if node.op_type == "DequantizeLinear":
        step = step or constants[node.input[1]].max()
    rest = TOLERANCE * np.abs(expected).max() + FLOOR
    # A share moves by no more than its logarithm does, which is twice what a logit does.
    return rest + (np.expm1(2 * STEPS * step) if is_share else STEPS * step)
