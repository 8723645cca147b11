import CKernels
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
        switch self {
        case .file(let path):
            return try ModelFile.load(path, allowsLarge: allowsLarge)
        case .architecture(let architecture, let isFloat):
            do {
                let bytes = RandomModel.bytes(of: architecture, precision: isFloat ? .float32 : .int8)
                return try Model(bytes: bytes, instructionSet: InstructionSet(isa))
            } catch {
                throw .failed("\(architecture.name): \(error.message)")
            }
        }
    }
}
