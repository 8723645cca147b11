import Foundation
import SwiftletRuntime

/// A comparison as text and as JSON.
struct ComparisonSummary: Encodable {
    let count: Int
    /// Pictures that could not be read; they are not counted.
    let leftOut: Int
    let agreement: Double
    let kl: Double
    /// Signal to noise of centered logits in decibels; nil when both are equal.
    let sqnrDB: Double?
    /// Percent for A and B.
    let top1: [Double]?
    let top5: [Double]?
    /// 95 % confidence intervals: of the KL; in points, of B's top-1 less A's.
    let klInterval: [Double]
    let top1DifferenceInterval: [Double]?
    let disagreements: [Comparison.Disagreement]
    let layers: [Comparison.LayerError]
    let layerPictures: Int

    private static let shownDisagreements = 20

    enum CodingKeys: String, CodingKey {
        case count, agreement, kl, top1, top5, disagreements, layers
        case leftOut = "left_out"
        case klInterval = "kl_interval"
        case top1DifferenceInterval = "top1_difference_interval"
        case sqnrDB = "sqnr_db"
        case layerPictures = "layer_pictures"
    }

    init(_ comparison: Comparison) {
        count = comparison.count
        leftOut = comparison.leftOut
        agreement = comparison.agreement
        kl = comparison.divergence
        sqnrDB = comparison.sqnr.isFinite ? comparison.sqnr : nil
        top1 = comparison.accuracy(1)
        top5 = comparison.accuracy(5)
        klInterval = comparison.divergenceInterval
        top1DifferenceInterval = comparison.top1DifferenceInterval
        disagreements = comparison.disagreements
        layers = comparison.layers
        layerPictures = comparison.layerPictures
    }

    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    var text: String {
        func decibels(_ value: Double?) -> String { value.map { String(format: "%.2f dB", $0) } ?? "equal" }
        var lines = [
            "pictures   \(count)" + (leftOut > 0 ? ", \(leftOut) left out that cannot be read" : ""),
            String(format: "agreement  %.2f %%", agreement),
            String(format: "KL         %.4f (95 %%: %.4f to %.4f)", kl, klInterval[0], klInterval[1]),
            "SQNR       \(decibels(sqnrDB))",
        ]
        if let top1, let top5 {
            lines.append(String(format: "top-1      A %.2f %%, B %.2f %%", top1[0], top1[1]))
            lines.append(String(format: "top-5      A %.2f %%, B %.2f %%", top5[0], top5[1]))
        }
        if let interval = top1DifferenceInterval {
            let difference = top1![1] - top1![0]
            lines.append(String(format: "B - A      %+.2f points of top-1 (95 %%: %+.2f to %+.2f)", difference, interval[0], interval[1]))
        }
        if !disagreements.isEmpty {
            lines += ["", "Pictures with different answers:"]
            lines += disagreements.prefix(Self.shownDisagreements).map { picture in
                "\(singleLine(picture.file))  A \(picture.a), B \(picture.b)" + (picture.label.map { ", class \($0)" } ?? "")
            }
            let more = disagreements.count - Self.shownDisagreements
            if more > 0 { lines.append("and \(more) more, which --json lists") }
        }
        if !layers.isEmpty {
            lines += ["", "SQNR of layers over \(layerPictures) pictures:"]
            lines += TextTable.lines(layers.map { [$0.name, decibels($0.sqnrDB)] })
        }
        return lines.joined(separator: "\n")
    }
}
