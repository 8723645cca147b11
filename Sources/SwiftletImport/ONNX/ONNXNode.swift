import Foundation
import SwiftletGraph

/// A node's attributes, by name and with their defaults, and what else its translation needs to know.
struct ONNXNode {
    let proto: ONNX_NodeProto
    let opset: Int

    private func attribute(_ name: String) -> ONNX_AttributeProto? {
        proto.attribute.first { $0.name == name }
    }

    func has(_ name: String) -> Bool { attribute(name) != nil }

    func integer(_ name: String, default fallback: Int) -> Int {
        attribute(name).map { Int($0.i) } ?? fallback
    }

    func float(_ name: String, default fallback: Float) -> Float {
        attribute(name)?.f ?? fallback
    }

    func integers(_ name: String) -> [Int]? {
        attribute(name)?.ints.map { Int($0) }
    }

    func floats(_ name: String) -> [Float]? {
        attribute(name)?.floats
    }

    func tensor(_ name: String) throws(ONNXProblem) -> Constant? {
        try attribute(name)?.t.constant()
    }

    func string(_ name: String, default fallback: String) -> String {
        attribute(name).map { String(decoding: $0.s, as: UTF8.self) } ?? fallback
    }

    /// An input that is there: not beyond the last, and not left out by an empty name.
    func hasInput(_ position: Int) -> Bool {
        position < proto.input.count && !proto.input[position].isEmpty
    }

    // MARK: Windows

    /// kernel_shape (1x1 where the attribute is missing), strides, dilations, pads.
    func window() throws(ONNXProblem) -> Window {
        let kernel = integers("kernel_shape") ?? [1, 1]
        let strides = integers("strides") ?? [1, 1]
        let dilations = integers("dilations") ?? [1, 1]
        let pads = integers("pads") ?? [0, 0, 0, 0]
        guard kernel.count == 2 else { throw .unsupported("a window of \(kernel.count) dimensions instead of 2") }
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

    func automaticPadding() throws(ONNXProblem) -> AutomaticPadding {
        switch string("auto_pad", default: "NOTSET") {
        case "NOTSET", "": return .explicit
        case "SAME_UPPER": return .sameUpper
        case "SAME_LOWER": return .sameLower
        case "VALID": return .valid
        case let other: throw .malformed("auto_pad is '\(other)'")
        }
    }
}
