import Foundation
import SwiftletQuantization
import SwiftletRuntime

/// What one grid a tensor costs: both models' logits side by side.
struct PerTensorLoss {
    private let comparison: Comparison
    private let images: String

    private static let samples = 256
    /// Of noise, from which little more can be told.
    private static let randomSamples = 32

    /// - Parameters:
    ///   - images: as `--calibration` takes them.
    init(_ a: Model, _ b: Model, images: String, threads: Int) throws {
        let (shape, samples) = (a.inputShape, images == "random" ? PerTensorLoss.randomSamples : PerTensorLoss.samples)
        let pictures = try CalibrationPictures(
            images, root: nil, samples: samples, seed: 0,
            input: TensorShape(height: shape.height, width: shape.width, channels: shape.channels), a.preprocessing, threads: threads
        ) { _ in }
        let set = pictures.set
        let inputs = (0..<set.count).map { index in
            ComparedInput(name: "picture \(index)", path: images) { session throws(SwiftletError) in
                let picture = Result { try set.picture(index) }
                let values = try picture.mapError { SwiftletError(.badInput, oneLine($0)) }.get()
                try values.withUnsafeBufferPointer { values throws(SwiftletError) in try session.setInput(values: values) }
            }
        }
        comparison = try ToolError.wrapping(.failed, "comparison") {
            try Comparison.run(a, b, inputs, layerSamples: 0, threads: threads)
        }
        self.images = pictures.isNoise ? "random inputs, which say less than pictures (--images)" : "pictures"
    }

    var text: String {
        let ratio = comparison.sqnr.isFinite ? String(format: "SQNR %.2f dB", comparison.sqnr) : "equal logits"
        let agreement = String(format: "agreement %.2f %%", comparison.agreement)
        return "per-tensor beside per-channel: \(ratio), \(agreement), over \(comparison.count) \(images)"
    }
}
