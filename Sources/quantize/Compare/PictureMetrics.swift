import Foundation
import SwiftletQuantization

/// How far B's logits are from A's for one picture.
struct PictureMetrics {
    /// First answers; the lower class among equals.
    let predictedA: Int
    let predictedB: Int
    /// Rank of the right class, 0 the first; nil without labels.
    let rankA: Int?
    let rankB: Int?
    /// KL(softmax A || softmax B), nats.
    let divergence: Double
    /// Sums of squares over the classes of A's centered logits, and of the difference of both.
    let signal: Double
    let noise: Double

    init(_ a: [Float], _ b: [Float], label: Int?) {
        predictedA = PictureMetrics.best(a)
        predictedB = PictureMetrics.best(b)
        rankA = label.map { PictureMetrics.rank(a, of: $0) }
        rankB = label.map { PictureMetrics.rank(b, of: $0) }
        divergence = LogitsDistance.divergence(a, b)
        let (centeredA, centeredB) = (PictureMetrics.centered(a), PictureMetrics.centered(b))
        signal = centeredA.reduce(0) { $0 + $1 * $1 }
        noise = zip(centeredA, centeredB).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }

    private static func best(_ logits: [Float]) -> Int {
        logits.indices.reduce(0) { logits[$1] > logits[$0] ? $1 : $0 }
    }

    private static func rank(_ logits: [Float], of label: Int) -> Int {
        logits.indices.count { logits[$0] > logits[label] || logits[$0] == logits[label] && $0 < label }
    }

    private static func centered(_ logits: [Float]) -> [Double] {
        let mean = logits.reduce(0) { $0 + Double($1) } / Double(logits.count)
        return logits.map { Double($0) - mean }
    }
}

/// 10 log10(signal / noise); infinite without noise.
func decibels(signal: Double, noise: Double) -> Double {
    10 * log10(signal / noise)
}
