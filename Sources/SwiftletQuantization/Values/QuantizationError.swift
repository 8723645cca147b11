/// A network, a setting or a calibration set that cannot be quantized. The message names the layer or tensor.
public struct QuantizationError: Error, Sendable, CustomStringConvertible {
    public let message: String

    public init(_ message: String) {
        self.message = message
    }

    init(layer: String, _ what: String) {
        message = "layer \(layer): \(what)"
    }

    public var description: String { message }
}
