import SwiftletGraph

/// Paddle's inference models: a program, `.pdmodel` or PIR's `inference.json`, and its parameters in a `.pdiparams` beside it.
package enum PaddleImporter: ModelImporter {
    package static let format = "Paddle"
    package static let suffixes = ["pdmodel"]
    package static let largestFile = Int(Int32.max)
    private static let largestParameters = 16 << 30

    package static func recognizes(_ file: SourceFile) -> Bool {
        PIRReader.recognizes(file) || ProgramDescReader.recognizes(file)
    }

    package static let takesWeights = true

    package static func read(_ file: SourceFile, inputSize: (height: Int, width: Int)?) throws -> ImportedModel {
        let program = try PaddleError.naming(file.path) { () throws(PaddleError) -> PaddleProgram in try self.program(of: file) }
        let parameters = try parameters(program, of: file)
        var builder = PaddleGraphBuilder(program, parameters)
        let size = try inputSize ?? (builder.leavesSizeOpen ? conventions(of: file)?.preprocessing.size : nil)
        try PaddleError.naming(file.path) { () throws(PaddleError) -> Void in
            try builder.build(inputSize: size ?? (builder.leavesSizeOpen ? PaddleDeployment.usualSize : nil))
        }
        guard let quantization = builder.quantization else { return .graph(builder.graph) }
        return .quantized(builder.graph, quantization)
    }

    private static func program(of file: SourceFile) throws(PaddleError) -> PaddleProgram {
        let program = PIRReader.recognizes(file) ? try PIRReader.program(file.bytes) : try ProgramDescReader.program(file.bytes)
        guard !program.outputs.isEmpty else { throw PaddleError("it has no fetch operator: it is no inference model") }
        return program
    }

    private static func parameters(_ program: PaddleProgram, of file: SourceFile) throws -> PaddleParameters {
        guard !program.parameters.isEmpty else { return try PaddleParameters([], for: []) }
        guard let path = file.weights ?? PaddleFolder(file).parameters else {
            throw PaddleError(
                "its parameters are not beside it: name the .pdiparams file with --weights", file: file.path)
        }
        let bytes = try file.neighbors.read(path, atMost: largestParameters)
        return try PaddleError.naming(path) { () throws(PaddleError) -> PaddleParameters in
            try PaddleParameters(bytes, for: program.parameters)
        }
    }

    package static func model(among names: [String]) -> String? { PaddleFolder.model(among: names) }

    package static func conventions(of file: SourceFile) throws -> ModelConventions? {
        guard let path = PaddleFolder(file).deployment else { return PaddleDeployment.usual }
        return try PaddleDeployment.read(file.neighbors.read(path, atMost: PaddleDeployment.largestFile), path)
    }
}
