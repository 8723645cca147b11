import CKernels

/// Aligned memory with the slack that kernels may read.
final class AlignedBuffer: @unchecked Sendable {
    let base: UnsafeMutableRawPointer

    init(bytes: Int) {
        base = .allocate(byteCount: bytes + Int(SK_SLACK), alignment: Int(SK_ALIGNMENT))
    }

    deinit { base.deallocate() }

    var floats: UnsafeMutablePointer<Float> { base.assumingMemoryBound(to: Float.self) }
}

/// One tensor's values for every calibration picture: float32, or int8 in the kernels' memory form (`sk_act`).
final class PictureTensor: @unchecked Sendable {
    private let buffer: AlignedBuffer
    private let stride: Int

    /// - Parameter bytes: for one picture.
    init(pictures: Int, bytes: Int) {
        let alignment = Int(SK_ALIGNMENT)
        stride = (bytes + Int(SK_SLACK) + alignment - 1) / alignment * alignment
        buffer = AlignedBuffer(bytes: stride * pictures)
    }

    func picture(_ index: Int) -> UnsafeMutableRawPointer { buffer.base + index * stride }
    func floats(_ index: Int) -> UnsafeMutablePointer<Float> { picture(index).assumingMemoryBound(to: Float.self) }
    func activations(_ index: Int) -> UnsafeMutablePointer<sk_act> { picture(index).assumingMemoryBound(to: sk_act.self) }
}
