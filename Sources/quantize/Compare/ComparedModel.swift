import SwiftletQuantization
import SwiftletRuntime

/// Models for a comparison: .slet files as they are, source models in FP32.
enum ComparedModel {
    /// Both models. They take pictures of one size and have the same classes.
    static func load(_ a: String, _ b: String) throws -> (Model, Model) {
        let files = [try ModelFile.open(a), try ModelFile.open(b)]
        let preprocessing = files.lazy.compactMap { if case .slet(let model) = $0 { model.preprocessing } else { nil } }.first
        let first = try model(files[0], preprocessing)
        let second = try model(files[1], preprocessing)
        guard first.classCount == second.classCount else {
            throw ToolError.badInput("\(a) has \(first.classCount) classes, \(b) has \(second.classCount)")
        }
        for (model, path) in [(first, a), (second, b)] where model.inputTensor.channels != 3 {
            throw ToolError.badInput("\(path): takes \(model.inputTensor.channels) channels; pictures have 3")
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
        let chosen = try preprocessing == nil ? ChosenPreprocessing([source.notes].compactMap(\.self), for: source) : nil
        chosen?.say()
        return try ToolError.wrapping(.badInput, file.path) {
            var builder = try lowerFloat(source.network)
            builder.endsInSoftmax = source.network.endsInSoftmax
            builder.preprocessing = preprocessing ?? chosen!.preprocessing
            return try Model(bytes: builder.finish())
        }
    }
}
