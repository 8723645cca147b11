import Foundation

extension MixedPrecision.Result {
    /// What was done for the aim and what it cost, in words: a line, then one a layer that was kept.
    package var lines: [String] {
        func points(_ value: Double) -> String { String(format: "%.3f", value) }
        guard !kept.isEmpty else {
            let estimate = "estimated loss \(points(before.estimatedLoss)) points"
            return ["\(estimate): within \(points(aim)) without keeping any layer in FP32"]
        }
        let bytes = kept.reduce(0) { $0 + $1.floatBytes }
        let cost = String(
            format: "%.3f ms instead of %.3f on one thread here, %d KB more", milliseconds.after, milliseconds.before, bytes / 1024)
        let names = kept.map { String(format: "  %@  KL alone %.5f, %d KB more", $0.name, $0.divergence, $0.floatBytes / 1024) }
        let change = "estimated loss \(points(after.estimatedLoss)) points instead of \(points(before.estimatedLoss))"
        let end =
            isReached
            ? "\(kept.count) layers kept in FP32, \(change); \(cost)"
            : "warning: \(points(aim)) points cannot be reached: with \(kept.count) layers in FP32, \(change); \(cost)"
        return [end] + names
    }
}
