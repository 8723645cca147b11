import CKernels
import SwiftletRuntime

extension BenchPlan.Source {
    func model(isa: sk_isa) throws(ToolError) -> Model {
        switch self {
        case .file(let path):
            return try ModelFile.load(path)
        case .architecture(let name, let isFloat):
            throw .failed("\(name) \(isFloat)")
        }
    }
}
