import Foundation
import SwiftletGraph

/// A node's attributes, by name and with their defaults, and what else its translation needs to know.
struct ONNXNode {
    let proto: ONNX_NodeProto
    let opset: Int
    let files: ONNXExternalData
    /// What some node of the model reads, or what is a result.
    let read: Set<String>

    private func attribute(_ name: String) -> ONNX_AttributeProto? {
        proto.attribute.first { $0.name == name }
    }

    /// nil when the node does not have it. Some old exporters leave the type out.
    private func attribute(_ name: String, _ type: AttributeType) throws(ONNXProblem) -> ONNX_AttributeProto? {
        guard let attribute = attribute(name) else { return nil }
        guard attribute.type == 0 || attribute.type == type.rawValue else {
            throw .malformed("attribute \(name) is of type \(attribute.type) instead of \(type.rawValue) (\(type))")
        }
        return attribute
    }

    /// As AttributeProto numbers them.
    private enum AttributeType: Int32 {
        case float = 1
        case integer, string, tensor
        case floats = 6
        case integers
    }

    func has(_ name: String) -> Bool { attribute(name) != nil }

    func integer(_ name: String, default fallback: Int) throws(ONNXProblem) -> Int {
        try attribute(name, .integer).map { Int($0.i) } ?? fallback
    }

    func float(_ name: String, default fallback: Float) throws(ONNXProblem) -> Float {
        try attribute(name, .float)?.f ?? fallback
    }

    func integers(_ name: String) throws(ONNXProblem) -> [Int]? {
        try attribute(name, .integers)?.ints.map { Int($0) }
    }

    func floats(_ name: String) throws(ONNXProblem) -> [Float]? {
        try attribute(name, .floats)?.floats
    }

    func tensor(_ name: String) throws(ONNXProblem) -> Constant? {
        try attribute(name, .tensor)?.t.constant(files)
    }

    func string(_ name: String, default fallback: String) throws(ONNXProblem) -> String {
        try attribute(name, .string).map { String(decoding: $0.s, as: UTF8.self) } ?? fallback
    }

    /// An input that is there: not beyond the last, and not left out by an empty name.
    func hasInput(_ position: Int) -> Bool {
        position < proto.input.count && !proto.input[position].isEmpty
    }

    // MARK: Windows

    /// kernel_shape (1x1 where the attribute is missing), strides, dilations, pads.
    func window() throws(ONNXProblem) -> Window {
        let kernel = try integers("kernel_shape") ?? [1, 1]
        guard [1, 2].contains(kernel.count) else { throw .unsupported("a window of \(kernel.count) dimensions instead of 2") }
        if kernel.count == 1 { return try rowWindow(kernel[0]) }
        let strides = try integers("strides") ?? [1, 1]
        let dilations = try integers("dilations") ?? [1, 1]
        let pads = try integers("pads") ?? [0, 0, 0, 0]
        guard strides.count == 2, dilations.count == 2, pads.count == 4 else {
            throw .malformed("strides, dilations or pads do not fit a window of 2 dimensions")
        }
        var window = Window()
        (window.kernelHeight, window.kernelWidth) = (kernel[0], kernel[1])
        (window.strideHeight, window.strideWidth) = (strides[0], strides[1])
        (window.dilationHeight, window.dilationWidth) = (dilations[0], dilations[1])
        (window.padTop, window.padLeft, window.padBottom, window.padRight) = (pads[0], pads[1], pads[2], pads[3])
        guard window.isPlausible else { throw .malformed("a kernel, stride, dilation or pad is out of range") }
        return window
    }

    /// A window of one dimension, as one along the width.
    private func rowWindow(_ kernel: Int) throws(ONNXProblem) -> Window {
        let strides = try integers("strides") ?? [1]
        let dilations = try integers("dilations") ?? [1]
        let pads = try integers("pads") ?? [0, 0]
        guard strides.count == 1, dilations.count == 1, pads.count == 2 else {
            throw .malformed("strides, dilations or pads do not fit a window of 1 dimension")
        }
        var window = Window()
        (window.kernelWidth, window.strideWidth, window.dilationWidth) = (kernel, strides[0], dilations[0])
        (window.padLeft, window.padRight) = (pads[0], pads[1])
        guard window.isPlausible else { throw .malformed("a kernel, stride, dilation or pad is out of range") }
        return window
    }

    func automaticPadding() throws(ONNXProblem) -> AutomaticPadding {
        switch try string("auto_pad", default: "NOTSET") {
        case "NOTSET", "": return .explicit
        case "SAME_UPPER": return .sameUpper
        case "SAME_LOWER": return .sameLower
        case "VALID": return .valid
        case let other: throw .malformed("auto_pad is '\(other)'")
        }
    }
}
