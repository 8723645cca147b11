internal import CKernels

/// Roughly what operators and waiting cost, in nanoseconds: as much as it takes to choose between two ways to divide work. Results do not
/// depend on the choice.
struct GroupCosts {
    /// That an operator or a group is divided into.
    let parts: Int
    /// Bytes of a thread's second-level cache.
    let cacheBytes: Int

    /// What all threads lose where they wait for one another: the wait itself, other processes' share of it, and fetching what another core
    /// has written. An estimate for cores that have caches of their own; on two neighbors with a cache in common it is less.
    private static let handOver = 5000.0
    /// A call of a kernel: its geometry, and the shifted weights of a depthwise one.
    private static let call = 120.0
    /// Bytes a nanosecond of what the second-level cache does not hold.
    private static let outerBytes = 16.0

    /// Bytes of a band: other buffers and weights need room beside it.
    var bandBytes: Int { cacheBytes / 4 }

    /// What all parts wait for after an operator or a group.
    var waiting: Double { parts > 1 ? GroupCosts.handOver : 0 }

    /// An operator as a whole on one thread.
    func work(_ operation: ModelOperator) -> Double {
        let operations = Double(operation.operations.clamped)
        let isa = operation.kernelISA ?? SK_SCALAR
        switch operation.kind.traits.work {
        case .products: return operations * (operation.kind.isDepthwise ? 2.5 : 1) / rate(isa, isFloat: operation.kind.isFloat)
        case .window, .map: return operations / rate(isa, isFloat: operation.kind.isFloat)
        case .outputs: return operations * 5 / rate(isa, isFloat: operation.kind.isFloat)
        }
    }

    /// Kernels' calls.
    func calls(_ count: Int) -> Double { GroupCosts.call * Double(count) }

    /// Reading or writing a part's share of so many bytes, where the nearer caches do not hold it.
    func traffic(_ bytes: WideCount) -> Double {
        let share = Double(bytes.clamped) / Double(parts)
        return share > Double(cacheBytes / 2) ? share / GroupCosts.outerBytes : 0
    }

    /// Multiply-accumulates a nanosecond of a convolution, as usual cores do them.
    private func rate(_ isa: sk_isa, isFloat: Bool) -> Double {
        switch isa {
        case SK_AVX2: isFloat ? 24 : 45
        case SK_AVXVNNI: isFloat ? 24 : 100
        case SK_AVX512: isFloat ? 40 : 70
        case SK_AVX512VNNI: isFloat ? 40 : 130
        case SK_NEON: isFloat ? 6 : 8
        case SK_NEON_DOTPROD: isFloat ? 8 : 25
        case SK_NEON_I8MM: isFloat ? 10 : 40
        default: isFloat ? 0.5 : 1
        }
    }
}
