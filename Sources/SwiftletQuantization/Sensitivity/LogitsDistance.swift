import Foundation
import SwiftletRuntime

/// How far one network's logits are from another's, on the same pictures.
package struct LogitsDistance: Sendable, Codable, Equatable {
    package var pictures: Int
    /// Mean over the pictures of KL(softmax reference || softmax other), nats.
    package var divergence: Double
    /// Share in percent of the pictures with the same first answer.
    package var agreement: Double
    /// Points of top-1 that are lost where the reference's probabilities are right: the mean of what it gives its own first answer less
    /// what it gives the other's. Needs no labels, and counts a swap of two equally likely classes as no loss.
    package var estimatedLoss: Double

    /// - Parameters:
    ///   - reference: by picture, one value a class.
    ///   - other: as many.
    package init(reference: [[Float]], other: [[Float]]) {
        pictures = reference.count
        (divergence, agreement, estimatedLoss) = (0, 0, 0)
        for (a, b) in zip(reference, other) {
            divergence += LogitsDistance.divergence(a, b)
            let (probabilities, others) = (LogitsDistance.probabilities(a), LogitsDistance.probabilities(b))
            let (first, second) = (probabilities.top(1)[0], others.top(1)[0])
            agreement += first == second ? 100 : 0
            estimatedLoss += 100 * (probabilities.values[first] - probabilities.values[second])
        }
        let count = Double(max(1, pictures))
        (divergence, agreement, estimatedLoss) = (divergence / count, agreement / count, estimatedLoss / count)
    }

    private static func probabilities(_ logits: [Float]) -> Probabilities {
        logits.withUnsafeBufferPointer { Probabilities($0, .softmax) }
    }

    /// KL(softmax a || softmax b) of one picture, nats.
    package static func divergence(_ a: [Float], _ b: [Float]) -> Double {
        let (softmaxA, softmaxB) = (a.withUnsafeBufferPointer(Softmax.init), b.withUnsafeBufferPointer(Softmax.init))
        let (logSumA, logSumB) = (softmaxA.largest + log(softmaxA.sum), softmaxB.largest + log(softmaxB.sum))
        return a.indices.reduce(0) { $0 + softmaxA.probabilities[$1] * ((Double(a[$1]) - logSumA) - (Double(b[$1]) - logSumB)) }
    }
}
