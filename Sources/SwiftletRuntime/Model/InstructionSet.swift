package import CKernels

/// The instruction sets that kernels are written for. The numbers are those of `CKernels.h`, in the order in which they cap the choice of
/// kernels; x86 and ARM are two families.
public enum InstructionSet: UInt32, Sendable, CaseIterable, CustomStringConvertible {
    case scalar = 0
    case sse41 = 1
    case avx2 = 2
    case avxvnni = 3
    case avx512 = 4
    case avx512vnni = 5
    case neon = 16
    case neonDotprod = 17
    case neonI8mm = 18

    /// Those that this processor has.
    public static var available: [InstructionSet] { allCases.filter { $0.isAvailable } }
    /// The one that kernels are chosen for unless another is asked for.
    public static var best: InstructionSet { InstructionSet(sk_cpu_isa()) }

    /// The instruction set of a name such as `avx512vnni` or `neon_dotprod`; nil where there is none.
    public init?(named name: String) {
        var isa = SK_SCALAR
        guard sk_isa_named(name, &isa) else { return nil }
        self.init(isa)
    }

    package init(_ isa: sk_isa) {
        self = InstructionSet(rawValue: isa.rawValue) ?? .scalar
    }

    package var isa: sk_isa { sk_isa(rawValue) }

    /// Whether this processor has it.
    public var isAvailable: Bool { sk_cpu_has(isa) }
    /// Its name, as the environment variable SWIFTLET_ISA of the tools takes it.
    public var description: String { String(cString: cText) }
    /// The same as C has it.
    package var cText: UnsafePointer<CChar> { sk_isa_name(isa) }
}
