import CKernels
import CPlatform
import SwiftletRuntime

/// The cap on kernels that SWIFTLET_ISA, or an option, asks for.
extension InstructionSet {
    /// Those that this processor has, by name.
    static var availableNames: String {
        joined(available.map { $0.description }, ", ")
    }

    /// - Parameter source: what the name is the value of, for the error.
    static func named(_ name: String, source: String) throws(ToolError) -> InstructionSet {
        guard let set = InstructionSet(named: name) else {
            throw .usage("\(source): there is no instruction set '\(name)'; this processor has \(availableNames)")
        }
        guard set.isAvailable else { throw .usage("\(source): this processor lacks \(name); it has \(availableNames)") }
        return set
    }

    /// What SWIFTLET_ISA asks for, else the best there is.
    static func fromEnvironment() throws(ToolError) -> InstructionSet {
        guard let value = sp_environment("SWIFTLET_ISA"), value.pointee != 0 else { return .best }
        return try named(String(cString: value), source: "SWIFTLET_ISA")
    }

    static func name(_ isa: sk_isa) -> String {
        InstructionSet(isa).description
    }
}
