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
    /// Of B's logits against A's.
    private(set) var sums = SignalToNoise()

    init(_ a: [Float], _ b: [Float], label: Int?) {
        predictedA = PictureMetrics.best(a)
        predictedB = PictureMetrics.best(b)
        rankA = label.map { PictureMetrics.rank(a, of: $0) }
        rankB = label.map { PictureMetrics.rank(b, of: $0) }
        divergence = LogitsDistance.divergence(a, b)
        sums.add(logits: a, b)
    }

    private static func best(_ logits: [Float]) -> Int {
        logits.indices.reduce(0) { logits[$1] > logits[$0] ? $1 : $0 }
    }

    private static func rank(_ logits: [Float], of label: Int) -> Int {
        logits.indices.count { logits[$0] > logits[label] || logits[$0] == logits[label] && $0 < label }
    }
}
