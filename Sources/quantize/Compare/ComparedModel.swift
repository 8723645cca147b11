import SwiftletQuantization
import SwiftletRuntime

/// Models for a comparison: .slet files as they are, source models in FP32.
enum ComparedModel {
    /// Both models. They take pictures of one size and have the same classes.
    static func load(_ a: String, _ b: String) throws -> (Model, Model) {
        let files = [try file(a), try file(b)]
        let preprocessing = files.compactMap { $0?.preprocessing }.first
        let first = try files[0] ?? source(a, preprocessing)
        let second = try files[1] ?? source(b, preprocessing)
        guard first.classCount == second.classCount else {
            throw ToolError.badInput("\(a) has \(first.classCount) classes, \(b) has \(second.classCount)")
        }
        for (model, path) in [(first, a), (second, b)] where model.inputTensor.channels != 3 {
            throw ToolError.badInput("\(path): takes \(model.inputTensor.channels) channels; pictures have 3")
        }
        return (first, second)
    }

    /// Nil for what is no .slet file.
    private static func file(_ path: String) throws(ToolError) -> Model? {
        guard path.hasSuffix(".slet") else { return nil }
        return try ToolError.wrapping(.badInput, path) { try Model(path: path) }
    }

    /// Lowered to FP32, with the other model's preprocessing where there is one.
    private static func source(_ path: String, _ preprocessing: Preprocessing?) throws(ToolError) -> Model {
        let source = try SourceModel.file(path, inputSize: preprocessing?.outputSize)
        let input = source.network.tensors[source.network.input]
        return try ToolError.wrapping(.badInput, path) {
            var builder = try lowerFloat(source.network)
            builder.endsInSoftmax = source.network.endsInSoftmax
            builder.preprocessing = try preprocessing ?? Preprocessing(source.preprocessing, height: input.height, width: input.width)
            return try Model(bytes: builder.finish())
        }
    }
}
