import Foundation
import SwiftletGraph
import SwiftletQuantization
import SwiftletRuntime

/// How often the FP32 network is right on labeled pictures, before anything is quantized.
struct FloatAccuracy: Encodable {
    /// Pictures that could be read.
    let count: Int
    /// Percent.
    let top1: Double
    let top5: Double

    /// A picture that cannot be read is named on standard error and left out.
    /// - Parameter list: with a class for every picture.
    /// - Throws: where no picture can be read.
    init(_ network: Network, _ preprocessing: Preprocessing, on list: PictureList, threads: Int) throws {
        var builder = try lowerFloat(network)
        builder.preprocessing = preprocessing
        let model = try Model(bytes: builder.finish())
        let inputs = list.entries.map(ComparedInput.init)
        let results = try ComparedInput.each(inputs, threads: threads, "FP32", state: { try Session(model) }, body: FloatAccuracy.rank)
        let failures = results.compactMap { result in if case .failure(let error) = result { error } else { nil } }
        try UnreadablePictures.leaveOut(failures, of: inputs.count, what: "labeled picture")
        let ranks = results.compactMap { try? $0.get() }
        func share(_ places: Int) -> Double { 100 * Double(ranks.count { $0 < places }) / Double(ranks.count) }
        (count, top1, top5) = (ranks.count, share(1), share(5))
    }

    /// The place of the right class among a picture's answers, from 0.
    private static func rank(_ session: Session, _ input: ComparedInput) -> Result<Int, ToolError> {
        Result { () throws(ToolError) in
            try input.load(session)
            session.run()
            let logits = Array(session.logits())
            return PictureMetrics(logits, logits, label: input.label).rankA ?? logits.count
        }
    }

    var text: String {
        String(format: "FP32 top-1 %.2f %%, top-5 %.2f %% on %d labeled pictures", top1, top5, count)
    }

    /// Whether the answers are hardly better than guesses, which int8 would repeat.
    func isPoor(classes: Int) -> Bool {
        count >= CalibrationCheck.fewest && top1 < 100 * min(0.5, 3 / Double(classes))
    }
}
