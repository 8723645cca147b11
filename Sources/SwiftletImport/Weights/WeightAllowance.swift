/// How many values the tensors of a checkpoint may have together: tensors that share bytes could fill any memory otherwise. An element
/// takes at least one byte, and weights take two: what is in bytes, such as masks, is small.
struct WeightAllowance {
    private static let freeValues = 1 << 20
    private var remaining: Int

    /// - Parameter fileSize: in bytes.
    init(fileSize: Int) {
        remaining = min(fileSize, fileSize / 2 + Self.freeValues)
    }

    mutating func take(_ count: Int) throws(CheckpointError) {
        guard count <= remaining else { throw CheckpointError("the tensors hold more values than the file has room for") }
        remaining -= count
    }
}
