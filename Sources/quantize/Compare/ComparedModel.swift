import SwiftletQuantization
import SwiftletRuntime

/// Models for a comparison: .slet files as they are, source models in FP32.
enum ComparedModel {
    /// Both models. They have the same classes.
    /// - Parameter takesPictures: they are made for pictures, not for arrays alone.
    static func load(_ a: String, _ b: String, takesPictures: Bool) throws -> (Model, Model) {
        let files = [try ModelFile.open(a), try ModelFile.open(b)]
        let preprocessing = files.lazy.compactMap { if case .slet(let model) = $0 { model.preprocessing } else { nil } }.first
        let first = try model(files[0], preprocessing)
        let second = try model(files[1], preprocessing)
        guard first.classCount == second.classCount else {
            throw ToolError.badInput("\(a) has \(first.classCount) classes, \(b) has \(second.classCount)")
        }
        for (model, path) in [(first, a), (second, b)] {
            try ToolError.wrapping(.badInput, path) {
                if takesPictures { try model.requirePictures() }
                _ = try model.head(named: nil)
            }
        }
        return (first, second)
    }

    /// A source model is lowered to FP32, with the other model's preprocessing where there is one.
    private static func model(_ file: ModelFile, _ preprocessing: Preprocessing?) throws(ToolError) -> Model {
        switch file {
        case .slet(let model): model
        case .source(let source): try lowered(source, preprocessing)
        }
    }

    private static func lowered(_ file: SourceModelFile, _ preprocessing: Preprocessing?) throws(ToolError) -> Model {
        let source = try SourceModel.file(file, inputSize: preprocessing?.outputSize)
        if source.quantization != nil {
            Console.error("quantize: \(source.origin): int8 already: the FP32 weights that it implies are compared")
        }
        let chosen = try preprocessing == nil ? ChosenPreprocessing(source.statements, for: source) : nil
        chosen?.say()
        return try ToolError.wrapping(.badInput, file.path) {
            var builder = try lowerFloat(source.network)
            builder.preprocessing = preprocessing ?? chosen!.preprocessing
            return try Model(bytes: builder.finish())
        }
    }
}
