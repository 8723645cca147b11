import SwiftletQuantization
import SwiftletRuntime

/// A model that is int8 already, on the grids that it came with.
struct PublishedConversion {
    let builder: ModelBuilder
    private let result: PublishedResult

    /// - Parameters:
    ///   - preprocessing: the pixels' grid is the input's where it came without one.
    ///   - floatLayers: names of layers that stay in FP32.
    init(_ source: SourceModel, _ preprocessing: Preprocessing, floatLayers: [String]) throws(ToolError) {
        (builder, result) = try ToolError.wrapping(.failed, source.origin) {
            let quantizer = PublishedQuantizer(
                source.network, input: preprocessing.inputRange, floatLayers: floatLayers,
                derivesGrids: source.grids == .everywhere)
            let result = try quantizer.run()
            return (try lowerInt8(source.network, result.quantized), result)
        }
    }

    var provenance: [(key: String, value: String)] {
        [("precision", "int8"), ("grids", "as published: \(result.published), derived: \(result.derived)")]
    }

    /// What was done, a line each.
    var lines: [String] { result.lines }
}
