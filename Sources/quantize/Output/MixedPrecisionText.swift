import Foundation
import SwiftletQuantization

/// What `--max-loss` did, in words.
enum MixedPrecisionText {
    static func lines(_ result: MixedPrecision.Result) -> [String] {
        func points(_ value: Double) -> String { String(format: "%.3f", value) }
        guard !result.kept.isEmpty else {
            return ["estimated loss \(points(result.before.estimatedLoss)) points: within \(points(result.aim)) without keeping any layer in FP32"]
        }
        let bytes = result.kept.reduce(0) { $0 + $1.floatBytes }
        let (before, after) = result.milliseconds
        let cost = String(format: "%.3f ms instead of %.3f on one thread here, %d KB more", after, before, bytes / 1024)
        let names = result.kept.map { String(format: "  %@  KL alone %.5f, %d KB more", $0.name, $0.divergence, $0.floatBytes / 1024) }
        let change = "estimated loss \(points(result.after.estimatedLoss)) points instead of \(points(result.before.estimatedLoss))"
        let end = result.isReached
            ? "\(result.kept.count) layers kept in FP32, \(change); \(cost)"
            : "\(points(result.aim)) points cannot be reached: with \(result.kept.count) layers in FP32, \(change); \(cost)"
        return [end] + names
    }
}
