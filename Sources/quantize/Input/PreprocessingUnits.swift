import SwiftletRuntime

/// Mean and deviation in units of 0 to 1, as PyTorch's transforms have them: pixels are 0 to 255 here, so such values give a useless model
/// where they are taken as they are.
struct PreprocessingUnits {
    /// In pixels.
    let wish: PreprocessingWish
    /// What was assumed, as one line; nil where the values are pixels' already.
    let note: String?

    /// A smaller deviation is rather a factor: 0.017 or 1/255.
    private static let smallestDeviation: Float = 0.05

    /// - Parameter source: where the values are from, as errors name it.
    /// - Throws: where the values can be neither pixels' nor in units of 0 to 1.
    init(_ wish: PreprocessingWish, from source: String) throws(ToolError) {
        let isUnitMean = wish.mean.map { $0.allSatisfy { abs($0) <= 1 } && !$0.allSatisfy { $0 == 0 } } ?? false
        let isUnitStd = wish.std.map { $0.allSatisfy { $0 <= 1 } } ?? false
        let isOneStd = wish.std.map { $0.allSatisfy { $0 == 1 } } ?? false
        // Pixels as they are, or less their mean: what a graph that scales by itself takes, and what Caffe's models do.
        guard isUnitMean || isUnitStd && !isOneStd else {
            (self.wish, note) = (wish, nil)
            return
        }
        let hasPixelMean = !isUnitMean && (wish.mean ?? [0]).contains { $0 != 0 }
        let hasPixelStd = !isUnitStd && wish.std != nil
        let isFactor = wish.std?.contains { $0 < PreprocessingUnits.smallestDeviation } ?? false
        guard !hasPixelMean, !hasPixelStd, !isFactor else {
            let values = "mean \(PreprocessingUnits.text(wish.mean)) and std \(PreprocessingUnits.text(wish.std))"
            let advice = "give both in pixels, 0 to 255, or both in 0 to 1: (pixel - mean) / std"
            throw .badInput("\(source): \(values) are not in one unit: \(advice)")
        }
        var scaled = wish
        scaled.mean = wish.mean?.map(PreprocessingUnits.inPixels)
        scaled.std = wish.std?.map(PreprocessingUnits.inPixels)
        self.wish = scaled
        var parts: [String] = []
        if scaled.mean != nil { parts.append("mean \(PreprocessingUnits.text(scaled.mean))") }
        if scaled.std != nil { parts.append("std \(PreprocessingUnits.text(scaled.std))") }
        note = "\(source): in units of 0 to 1, so times 255: \(parts.joined(separator: ", "))"
    }

    /// The decimal that was written, times 255: 0.485 gives 123.675, as it would be written in pixels.
    private static func inPixels(_ value: Float) -> Float { Float(Double("\(value)")! * 255) }

    private static func text(_ values: [Float]?) -> String { values?.plainText ?? "not given" }
}
