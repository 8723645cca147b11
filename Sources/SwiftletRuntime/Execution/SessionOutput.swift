internal import CKernels

/// Where an output's values go when a run ends: single precision, [batch][height][width][channels].
struct SessionOutput {
    /// The whole batch's tensor in the arena.
    private let source: UnsafeRawPointer
    let values: UnsafeMutablePointer<Float>
    /// Of one picture.
    let count: Int
    private let batch: Int
    /// From int8, its shape that of the batch; nil where the tensor is in single precision.
    private var conversion: PackedKernel?

    /// - Parameters:
    ///   - source: where the tensor lies; it outlives this value, as `values` does.
    ///   - count: values of one picture.
    ///   - conversion: to single precision, of one picture.
    init(source: UnsafeRawPointer, values: UnsafeMutableRawPointer, count: Int, batch: Int, _ conversion: PackedKernel?) {
        (self.source, self.count, self.batch, self.conversion) = (source, count, batch, conversion)
        self.values = values.bindMemory(to: Float.self, capacity: batch * count)
        self.conversion?.shape.batch = Int32(batch)
    }

    /// Brings the values out of the arena.
    func fetch() {
        if let conversion {
            var shape = conversion.shape
            conversion.convert(&shape, from: source, to: values)
        } else {
            values.update(from: source.assumingMemoryBound(to: Float.self), count: batch * count)
        }
    }

    /// A picture's values.
    func picture(_ index: Int) -> UnsafeBufferPointer<Float> {
        UnsafeBufferPointer(start: values + index * count, count: count)
    }
}
