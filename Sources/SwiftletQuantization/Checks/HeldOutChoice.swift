import SwiftletGraph
import SwiftletRuntime

/// Quantizes with settings whose techniques fit a network closely to its calibration pictures, and keeps the result of plain forward
/// passes (`QuantizationSettings.fast`) where pictures that neither has seen come out better with it.
///
/// Both are calibrated again on the pictures but each fourth, and compared on those; of small sets a second time, with another fourth.
/// Only their choice is taken from there: what is kept was calibrated on all pictures.
package struct HeldOutChoice: Sendable {
    package struct Result: Sendable {
        package var quantized: QuantizedNetwork
        /// Nil where there was nothing to compare: settings without such techniques, or too few pictures.
        package var comparison: Comparison?
    }

    /// Signal to quantization noise of the logits on pictures that were held out, in decibels.
    package struct Comparison: Sendable, Equatable {
        package var pictures: Int
        package var asked: Double
        package var plain: Double

        /// A little is left to chance, since the asked settings are better elsewhere than in the logits' noise.
        package var keepsPlain: Bool { plain > asked + 0.5 }
    }

    /// One picture of so many is held out.
    private static let period = 4
    /// Fewer pictures are not divided.
    private static let fewest = 8
    /// With so many pictures, techniques that are better by so much on what they were fitted to are not worse elsewhere: the second
    /// calibration, which takes long then, is left out.
    private static let plenty = 64
    private static let clearLead = 2.0

    let network: Network
    let set: CalibrationSet
    let settings: QuantizationSettings
    let threads: Int

    package init(_ network: Network, on set: CalibrationSet, settings: QuantizationSettings, threads: Int) {
        (self.network, self.set, self.settings, self.threads) = (network, set, settings, threads)
    }

    /// Whether the settings fit so closely that they could fit the calibration pictures alone.
    package static func isNeeded(_ settings: QuantizationSettings, pictures: Int) -> Bool {
        (settings.ranges == .refined || settings.rounding == .secondOrder) && pictures >= fewest
    }

    /// - Parameter progress: see `quantize`.
    /// - Throws: see `quantize`.
    package func run(_ progress: @Sendable (Double, String) -> Void = { _, _ in }) throws -> Result {
        guard Self.isNeeded(settings, pictures: set.count) else {
            return Result(quantized: try quantize(network, on: set, settings: settings, threads: threads, progress: progress))
        }
        let asked = try quantize(network, on: set, settings: settings, threads: threads) { progress($0 * 0.5, $1) }
        let plain = try quantize(network, on: set, settings: plainSettings, threads: threads) { progress(0.5 + $0 * 0.1, $1) }
        if set.count >= Self.plenty {
            let seen = Array(0..<set.count)
            var answers = Answers()
            try answers.append(asked, plain, network, seen, NetworkRunner(set: set, threads: threads))
            let lead = answers.comparison
            if lead.asked >= lead.plain + Self.clearLead { return Result(quantized: asked) }
        }
        let comparison = try heldOut { progress(0.6 + $0 * 0.4, $1) }
        return Result(quantized: comparison.keepsPlain ? plain : asked, comparison: comparison)
    }

    /// How often pictures are held out: few of them say little at once.
    package static func folds(pictures: Int) -> Int { pictures < plenty ? 2 : 1 }

    private func heldOut(_ progress: @Sendable (Double, String) -> Void) throws -> Comparison {
        let (set, folds) = (set, Self.folds(pictures: set.count))
        var answers = Answers()
        for fold in 0..<folds {
            let isHeldOut = { (picture: Int) in picture % Self.period == Self.period - 1 - 2 * fold }
            let others = (0..<set.count).filter { !isHeldOut($0) }
            let part = CalibrationSet(count: others.count, inputRange: set.inputRange) { try set.picture(others[$0]) }
            let share = { @Sendable (done: Double) in (Double(fold) + done) / Double(folds) }
            let asked = try quantize(network, on: part, settings: settings, threads: threads) { progress(share($0 * 0.9), $1) }
            let plain = try quantize(network, on: part, settings: plainSettings, threads: threads) { progress(share(0.9 + $0 * 0.1), $1) }
            try answers.append(asked, plain, network, (0..<set.count).filter(isHeldOut), NetworkRunner(set: set, threads: threads))
        }
        return answers.comparison
    }

    /// By picture, the logits of the FP32 network and of both quantized ones.
    private struct Answers {
        private var reference: [[Float]] = []
        private var asked: [[Float]] = []
        private var plain: [[Float]] = []

        mutating func append(
            _ asked: QuantizedNetwork, _ plain: QuantizedNetwork, _ network: Network, _ pictures: [Int], _ runner: NetworkRunner
        ) throws {
            reference += try runner.logits(try lowerFloat(network), pictures: pictures)
            self.asked += try runner.logits(try lowerInt8(network, asked), pictures: pictures)
            self.plain += try runner.logits(try lowerInt8(network, plain), pictures: pictures)
        }

        var comparison: Comparison {
            Comparison(pictures: reference.count, asked: sqnr(asked), plain: sqnr(plain))
        }

        /// Decibels.
        private func sqnr(_ logits: [[Float]]) -> Double {
            var sums = SignalToNoise()
            for (right, found) in zip(reference, logits) { sums.add(logits: right, found) }
            return sums.decibels
        }
    }

    /// `fast` with what the settings say besides techniques.
    private var plainSettings: QuantizationSettings {
        var plain = QuantizationSettings.fast
        (plain.perChannel, plain.floatLayers, plain.seed) = (settings.perChannel, settings.floatLayers, settings.seed)
        return plain
    }
}
