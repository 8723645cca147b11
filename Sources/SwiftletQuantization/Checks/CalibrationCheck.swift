import Foundation
import SwiftletGraph
import SwiftletRuntime

/// Signs that calibration pictures, or what is done to them, are not what a network was trained on. Labels are not needed: the pictures
/// themselves and the FP32 network's answers tell.
package struct CalibrationCheck: Sendable {
    package enum Finding: Sendable, Equatable {
        /// So many pictures, of which ranges cannot be told.
        case few(Int)
        /// Half of the pictures or more repeat others.
        case alike(distinct: Int, of: Int)
        /// Half of the pictures or more are of one color.
        case plain(Int, of: Int)
        /// The FP32 network gives one class for nearly all pictures.
        case sameAnswer(class: Int, pictures: Int, of: Int)
        /// The FP32 network finds all classes about equally likely, whatever the picture.
        case undecided
    }

    /// Fewer pictures are named, and the answers to them prove nothing.
    package static let fewest = 16
    /// Pictures that are looked at, evenly spaced.
    private static let most = 256
    /// The share of pictures with one answer from which on it is suspicious.
    private static let sameShare = 0.9
    /// Of the largest entropy, from which on a picture's answer is none.
    private static let undecidedShare = 0.99

    let network: Network
    let set: CalibrationSet
    let threads: Int

    package init(_ network: Network, on set: CalibrationSet, threads: Int) {
        (self.network, self.set, self.threads) = (network, set, max(1, threads))
    }

    /// What is odd, the pictures first.
    package func run() throws -> [Finding] {
        let pictures = evenlySpaced(min(Self.most, set.count), of: set.count)
        var findings = set.count < Self.fewest ? [Finding.few(set.count)] : []
        findings += try contents(pictures)
        if pictures.count >= Self.fewest { findings += try answers(pictures) }
        return findings
    }

    // MARK: Pictures

    private struct Content {
        var hash: UInt64 = 0
        var isPlain = false
    }

    private func contents(_ pictures: [Int]) throws -> [Finding] {
        let (set, channels) = (set, network.tensors[network.input].channels)
        let found = SharedArray<Content>(repeating: Content(), count: pictures.count)
        try parallelThrowing(pictures.count, threads: threads) { index in
            let values = try set.picture(pictures[index])
            // FNV-1a, a value at a time.
            let hash = values.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1.bitPattern)) &* 0x0000_0100_0000_01b3 }
            let isPlain = values.count > channels && values.indices.allSatisfy { values[$0] == values[$0 % channels] }
            found[index] = Content(hash: hash, isPlain: isPlain)
        }
        var findings: [Finding] = []
        let (plain, distinct) = (found.values.count { $0.isPlain }, Set(found.values.map(\.hash)).count)
        if plain * 2 >= pictures.count, plain > 0 { findings.append(.plain(plain, of: pictures.count)) }
        if distinct * 2 <= pictures.count, pictures.count > 1 { findings.append(.alike(distinct: distinct, of: pictures.count)) }
        return findings
    }

    // MARK: Answers

    private func answers(_ pictures: [Int]) throws -> [Finding] {
        let output = network.tensors[network.output]
        guard output.isVector, output.channels > 1, network.outputs[0].head != .sigmoid else { return [] }
        let logits = try NetworkRunner(set: set, threads: threads).logits(try lowerFloat(network), pictures: pictures)
        return CalibrationCheck.findings(logits)
    }

    /// - Parameter logits: by picture, one value a class.
    static func findings(_ logits: [[Float]]) -> [Finding] {
        guard logits.allSatisfy({ $0.allSatisfy(\.isFinite) }) else { return [] }
        let distributions = logits.map { $0.withUnsafeBufferPointer { Softmax($0).probabilities } }
        let isUndecided = distributions.allSatisfy { entropy($0) >= undecidedShare * log(Double($0.count)) }
        if isUndecided { return [.undecided] }
        var counts: [Int: Int] = [:]
        for values in distributions { counts[values.indices.max { values[$0] < values[$1] }!, default: 0] += 1 }
        guard let (answer, count) = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }),
            Double(count) >= sameShare * Double(logits.count)
        else { return [] }
        return [.sameAnswer(class: answer, pictures: count, of: logits.count)]
    }

    private static func entropy(_ probabilities: [Double]) -> Double {
        probabilities.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }
    }
}
