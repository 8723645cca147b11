/// A network, a setting or a calibration set that cannot be quantized. The message names the layer or tensor.
package struct QuantizationError: Error, Sendable, CustomStringConvertible {
    package let message: String

    package init(_ message: String) {
        self.message = message
    }

    init(layer: String, _ what: String) {
        message = "layer \(layer): \(what)"
    }

    package var description: String { message }
}
