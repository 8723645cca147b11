/// The offset of every element of `shape` in row-major order, where a step along axis i moves `strides[i]` elements. Shape and strides are
/// those of a `Constant`: every offset lies inside it.
struct StridedOffsets: Sequence, IteratorProtocol {
    private let shape: [Int]
    private let strides: [Int]
    private var index: [Int]
    private var offset = 0
    private(set) var underestimatedCount: Int

    init(shape: [Int], strides: [Int]) {
        self.shape = shape
        self.strides = strides
        index = [Int](repeating: 0, count: shape.count)
        underestimatedCount = shape.reduce(1, *)
    }

    mutating func next() -> Int? {
        guard underestimatedCount > 0 else { return nil }
        underestimatedCount -= 1
        let result = offset
        var axis = shape.count - 1
        while axis >= 0 {
            index[axis] += 1
            offset += strides[axis]
            if index[axis] < shape[axis] { break }
            offset -= index[axis] * strides[axis]
            index[axis] = 0
            axis -= 1
        }
        return result
    }
}
