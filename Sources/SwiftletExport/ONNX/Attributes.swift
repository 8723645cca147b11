import SwiftletImport
import SwiftletRuntime

extension ONNX_AttributeProto {
    /// AttributeProto.AttributeType
    private enum Code: Int32 {
        case float = 1
        case int = 2
        case ints = 7
    }

    static func float(_ name: String, _ value: Float) -> ONNX_AttributeProto {
        var attribute = ONNX_AttributeProto(name, .float)
        attribute.f = value
        return attribute
    }

    static func int(_ name: String, _ value: Int) -> ONNX_AttributeProto {
        var attribute = ONNX_AttributeProto(name, .int)
        attribute.i = Int64(value)
        return attribute
    }

    static func ints(_ name: String, _ values: [Int32]) -> ONNX_AttributeProto {
        var attribute = ONNX_AttributeProto(name, .ints)
        attribute.ints = values.map(Int64.init)
        return attribute
    }

    private init(_ name: String, _ code: Code) {
        self.init()
        (self.name, type) = (name, code.rawValue)
    }
}

extension LoweredWindow {
    /// Kernel, strides and padding, as pools and convolutions have them.
    var attributes: [ONNX_AttributeProto] {
        [
            .ints("kernel_shape", [kernelHeight, kernelWidth]), .ints("strides", [strideHeight, strideWidth]),
            .ints("pads", [padTop, padLeft, padBottom, padRight]),
        ]
    }

    var isPadded: Bool { padTop != 0 || padLeft != 0 || padBottom != 0 || padRight != 0 }
}
