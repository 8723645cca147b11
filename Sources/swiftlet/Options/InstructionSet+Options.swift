import CKernels
import SwiftletRuntime

/// The cap on kernels that SWIFTLET_ISA, or an option, asks for. A wrong name is wrong usage.
extension InstructionSet {
    /// - Parameter source: what the name is the value of, for the error.
    static func option(_ name: String, source: String) throws(ToolError) -> InstructionSet {
        try usage { () throws(SwiftletError) in try named(name, source: source) }
    }

    /// What SWIFTLET_ISA asks for, else the best there is.
    static func ofEnvironment() throws(ToolError) -> InstructionSet {
        try usage { () throws(SwiftletError) in try fromEnvironment() }
    }

    private static func usage(_ body: () throws(SwiftletError) -> InstructionSet) throws(ToolError) -> InstructionSet {
        do throws(SwiftletError) {
            return try body()
        } catch {
            throw .usage(error.message)
        }
    }

    static func name(_ isa: sk_isa) -> String {
        InstructionSet(isa).description
    }
}
