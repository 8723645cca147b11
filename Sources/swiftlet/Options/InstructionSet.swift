import CKernels
import CPlatform

/// The cap on kernels that SWIFTLET_ISA, or an option, asks for.
enum InstructionSet {
    private static let all: [sk_isa] = [
        SK_SCALAR, SK_SSE41, SK_AVX2, SK_AVXVNNI, SK_AVX512, SK_AVX512VNNI, SK_NEON, SK_NEON_DOTPROD, SK_NEON_I8MM,
    ]

    /// Those that this processor has, by name.
    static var available: [String] {
        all.filter { sk_cpu_has($0) }.map(name)
    }

    static func name(_ isa: sk_isa) -> String {
        String(cString: sk_isa_name(isa))
    }

    /// - Parameter source: what the name is the value of, for the error.
    static func named(_ name: String, source: String) throws(ToolError) -> sk_isa {
        var isa = SK_SCALAR
        guard sk_isa_named(name, &isa) else {
            throw .usage("\(source): there is no instruction set '\(name)'; this processor has \(joined(available, ", "))")
        }
        guard sk_cpu_has(isa) else {
            throw .usage("\(source): this processor lacks \(name); it has \(joined(available, ", "))")
        }
        return isa
    }

    /// What SWIFTLET_ISA asks for, else the best there is.
    static func fromEnvironment() throws(ToolError) -> sk_isa {
        guard let value = sp_environment("SWIFTLET_ISA"), value.pointee != 0 else { return sk_cpu_isa() }
        return try named(String(cString: value), source: "SWIFTLET_ISA")
    }
}
