"""ONNX Runtime's answers: in FP32, and after its own static quantization."""

import logging
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnxruntime import quantization

logging.getLogger().setLevel(logging.ERROR)
onnxruntime.set_default_logger_severity(3)


class Network:
    """One model in the plainest way: one thread, nothing rewritten, so that quantized convolutions don't saturate either."""

    def __init__(self, path):
        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads = 1
        settings.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        self.session = onnxruntime.InferenceSession(str(path), settings, providers=["CPUExecutionProvider"])
        self.input, *others = self.session.get_inputs()
        # Keras leaves inputs that nothing reads; ONNX Runtime wants them all the same.
        self.unread = {other.name: np.zeros(other.shape, np.float32) for other in others}

    @property
    def has_open_size(self):
        return sum(isinstance(extent, int) for extent in self.input.shape[1:]) < 3

    def arranged(self, pictures):
        """[N,C,H,W] as the graph takes it: [N,H,W,C] where the channels stand last."""
        is_last = self.input.shape[3] == pictures.shape[1] and self.input.shape[1] != pictures.shape[1]
        return np.ascontiguousarray(pictures.transpose(0, 2, 3, 1)) if is_last else pictures

    def feeds(self, pictures):
        """Inputs of one batch each, of as many pictures as the graph takes; the last picture fills it up."""
        arranged = self.arranged(pictures).astype(np.uint8 if self.input.type == "tensor(uint8)" else np.float32)
        batch = self.input.shape[0] if isinstance(self.input.shape[0], int) else 1
        for first in range(0, len(arranged), batch):
            part = arranged[first:first + batch]
            filling = np.repeat(part[-1:], batch - len(part), axis=0)
            yield {self.input.name: np.concatenate([part, filling]), **self.unread}

    def __call__(self, pictures):
        """The first output as [N,values]."""
        outputs = [self.session.run(None, feed)[0] for feed in self.feeds(pictures)]
        return np.concatenate([output.reshape(len(output), -1) for output in outputs])[:len(pictures)]


class Reader(quantization.CalibrationDataReader):
    def __init__(self, feeds):
        self.feeds = iter(feeds)

    def get_next(self):
        return next(self.feeds, None)


def statically_quantized(path, calibration, pictures):
    """Outputs of ONNX Runtime's own int8 model: QDQ, weights by channel, activations of 8 bits without sign, ranges by their extremes. A
    softmax at the end is computed from its logits in floats: in 8 bits most classes would have 0."""
    with tempfile.TemporaryDirectory() as folder:
        prepared, quantized = Path(folder) / "prepared.onnx", Path(folder) / "quantized.onnx"
        model = onnx.load(path)
        opset = next(entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx"))
        if opset < 13:  # the first with one scale a channel
            model = onnx.version_converter.convert_version(model, 13)
        has_softmax = without_softmax(model.graph)
        onnx.save(model, prepared)
        quantization.quant_pre_process(prepared, prepared, skip_symbolic_shape=True)
        quantization.quantize_static(
            prepared, quantized, Reader(Network(path).feeds(calibration)), quant_format=quantization.QuantFormat.QDQ, per_channel=True,
            activation_type=quantization.QuantType.QUInt8, weight_type=quantization.QuantType.QInt8)
        outputs = Network(quantized)(pictures)
    return softmax(outputs.astype(np.float64)) if has_softmax else outputs


def without_softmax(graph):
    """Makes the logits the output. Whether there was a softmax."""
    last = next(node for node in graph.node if graph.output[0].name in node.output)
    while last.op_type in ("Identity", "Flatten", "Reshape", "Squeeze"):
        last = next((node for node in graph.node if last.input[0] in node.output), None)
        if last is None:
            return False
    if last.op_type != "Softmax":
        return False
    output = onnx.helper.make_empty_tensor_value_info(last.input[0])
    output.type.tensor_type.elem_type = onnx.TensorProto.FLOAT
    del graph.output[:]
    graph.output.append(output)
    return True


def softmax(values):
    exponentials = np.exp(values - values.max(1, keepdims=True))
    return exponentials / exponentials.sum(1, keepdims=True)
