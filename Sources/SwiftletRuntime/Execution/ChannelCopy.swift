/// Copies a map into a range of another's channels: one input of a concatenation.
struct ChannelCopy {
    let source: UnsafeRawPointer
    let target: UnsafeMutableRawPointer
    /// Of one position, in the source and between two in the target.
    let bytes: Int
    let stride: Int
    let positions: Int

    func run(_ part: Int, _ parts: Int) {
        for position in positionShare(positions, part, parts) {
            (target + position * stride).copyMemory(from: source + position * bytes, byteCount: bytes)
        }
    }
}

/// What `part` of `parts` threads does of `positions`: in 64 bits, since a board's Int does not hold the product.
func positionShare(_ positions: Int, _ part: Int, _ parts: Int) -> Range<Int> {
    func start(_ part: Int) -> Int { Int(Int64(positions) * Int64(part) / Int64(parts)) }
    return start(part)..<start(part + 1)
}
