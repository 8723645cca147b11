/// The most that a model may ask for. The reader and the session compare with these before they allocate anything; larger is an error that
/// says how large.
///
/// With them every offset inside a tensor, a batch of tensors, packed weights or scratch fits in 32 bits, signed: kernels may compute such
/// with int32_t. They are far from any image classifier: MobileNetV3 takes 10 MB of each and 2 · 10^8 operations.
package enum Ceilings {
    /// Tensors of a model, and operators.
    package static let tensors = 8192
    /// Values of a tensor for one picture.
    static let values = WideCount(1 << 26)
    /// Pictures of a run, and threads of a session.
    static let batch = 4096
    static let threads = 1024
    /// Operations of a run for one picture, multiplications with their addition counting as one: minutes on a board. `allowsLarge` lifts
    /// this one.
    package static let operations = WideCount(1_000_000_000_000 as UInt64)

    #if _pointerBitWidth(_32)
    private static let block = WideCount(512 << 20)
    private static let kept = WideCount(512 << 20)
    #else
    private static let block = WideCount(1 << 30)
    private static let kept = WideCount(4 << 30)
    #endif

    /// Activations of a session, and one tensor's of a batch.
    package static var arenaBytes: WideCount { block }
    /// Activations of a session that keeps all tensors, such as the desk compares.
    static var keptArenaBytes: WideCount { kept }
    /// Working memory of a session's kernels.
    package static var scratchBytes: WideCount { block }
    /// Weights and constants of a model, as its kernels pack them.
    package static var packedBytes: WideCount { block }
    /// An array of single precision that stands in memory as a whole, read from a file or to be written to one.
    package static var arrayBytes: WideCount { block }

    /// One line's end: how much is needed and how much is allowed.
    package static func exceeded(_ count: WideCount, _ unit: String, _ ceiling: WideCount) -> String {
        "\(count.text) \(unit), at most \(ceiling.text) are allowed"
    }
}
