import CKernels
import CPlatform
import SwiftletArchitectures
import SwiftletRuntime

extension BenchPlan.Source {
    /// The file's name without folder and suffix, or the architecture's.
    var name: String {
        switch self {
        case .file(let path):
            let file = split(path, UInt8(ascii: "/")).last ?? path
            return hasSuffix(file, ".slet") ? String(decoding: file.utf8.dropLast(5), as: UTF8.self) : file
        case .architecture(let architecture, _):
            return architecture.name
        }
    }

    /// - Parameter allowsLarge: takes a file whose runs are absurdly long.
    func model(isa: sk_isa, allowsLarge: Bool) throws(ToolError) -> Model {
        try load(isa: isa, allowsLarge: allowsLarge).model
    }

    /// A model, and the milliseconds from its file or bytes until it was ready.
    func load(isa: sk_isa, allowsLarge: Bool) throws(ToolError) -> (model: Model, milliseconds: Double) {
        switch self {
        case .file(let path):
            let started = sp_nanoseconds()
            let model = try ModelFile.load(path, allowsLarge: allowsLarge)
            return (model, Double(sp_nanoseconds() - started) / 1e6)
        case .architecture(let architecture, let isFloat):
            do {
                let bytes = RandomModel.bytes(of: architecture, precision: isFloat ? .float32 : .int8)
                let started = sp_nanoseconds()
                let model = try Model(bytes: bytes, instructionSet: InstructionSet(isa))
                return (model, Double(sp_nanoseconds() - started) / 1e6)
            } catch {
                throw .failed("\(architecture.name): \(error.message)")
            }
        }
    }

    /// The row of a combination that is about to be measured.
    func row(_ model: Model, threads: Int, batch: Int, load: Double) -> BenchRow {
        var network = model.name
        var parameters = BenchPlan.Source.parameters(model)
        if case .architecture(let architecture, _) = self {
            network = architecture.name
            parameters = architecture.cost.parameters
        }
        var row = BenchRow(
            model: name, network: network, precision: precisionName(model), threads: threads, batch: batch, parameters: parameters,
            multiplyAccumulates: model.multiplyAccumulates, fileSize: model.fileSize)
        row.load = load
        return row
    }

    /// Weights and biases of convolutions, which batch normalization has been folded into. An architecture's own count has its scale and
    /// shift besides, as tables of networks do.
    private static func parameters(_ model: Model) -> Int {
        var count: Int64 = 0
        for operation in model.operators where operation.multiplyAccumulates > 0 {
            let output = model.tensors[operation.output]
            count += operation.multiplyAccumulates / Int64(output.height * output.width) + Int64(output.channels)
        }
        return Int(clamping: count)
    }
}
