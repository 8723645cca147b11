import SwiftletGraph
import SwiftletQuantization
import SwiftletRuntime
import XCTest

/// Smooth random pictures of 8-bit pixels, normalized.
struct Pictures: Sendable {
    var count = 12
    var height = 12
    var width = 12
    var mean: [Float] = [123.675, 116.28, 103.53]
    var std: [Float] = [58.395, 57.12, 57.375]

    init(count: Int = 12, for network: Network? = nil) {
        self.count = count
        if let network {
            (height, width) = (network.tensors[network.input].height, network.tensors[network.input].width)
        }
    }

    func picture(_ index: Int) -> [Float] {
        var random = SplitMix64(seed: 1000 + UInt64(index))
        let corners = (0..<12).map { _ in Float(random.next() % 256) }
        var values: [Float] = []
        for y in 0..<height {
            for x in 0..<width {
                for c in 0..<3 {
                    let (v, u) = (Float(y) / Float(height - 1), Float(x) / Float(width - 1))
                    let smooth = (corners[c] * (1 - u) + corners[c + 3] * u) * (1 - v) + (corners[c + 6] * (1 - u) + corners[c + 9] * u) * v
                    let pixel = max(0, min(255, (smooth + random.nextNormal() * 20).rounded()))
                    values.append((pixel - mean[c]) / std[c])
                }
            }
        }
        return values
    }

    var calibration: CalibrationSet {
        let copy = self
        return CalibrationSet(count: count, inputRange: .pixels(mean: mean, std: std)) { copy.picture($0) }
    }
}

/// Loads a lowered model through the reader, which checks everything.
func load(_ builder: ModelBuilder) throws -> Model {
    var builder = builder
    let input = builder.tensors[builder.input]
    builder.preprocessing = Preprocessing(resize: .exact(height: input.height, width: input.width), cropHeight: 0, cropWidth: 0)
    return try Model(bytes: builder.finish())
}

func logits(_ model: Model, _ picture: [Float]) throws -> [Float] {
    let session = try Session(model)
    try picture.withUnsafeBufferPointer { try session.setInput(values: $0) }
    session.run()
    return Array(session.logits())
}

/// Signal to noise of int8 logits against the float model's, in decibels, on `count` pictures from number `first` on.
func compareLogits(_ network: Network, _ quantized: QuantizedNetwork, _ pictures: Pictures, first: Int = 0, count: Int = 12) throws
    -> Double
{
    let (float, int8) = (try load(try lowerFloat(network)), try load(try lowerInt8(network, quantized)))
    var sums = SignalToNoise()
    for index in first..<first + count {
        let picture = pictures.picture(index)
        for (a, b) in zip(try logits(float, picture), try logits(int8, picture)) { sums.add(Double(a), Double(b)) }
    }
    return sums.decibels
}
