import CKernels

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Aligned memory with the slack that kernels may read.
final class AlignedBuffer: @unchecked Sendable {
    let base: UnsafeMutableRawPointer
    private let block: UnsafeMutableRawPointer

    /// By `malloc`, which the tool watches: where memory runs out it says so.
    init(bytes: Int) {
        let alignment = Int(SK_ALIGNMENT)
        guard let block = malloc(bytes + Int(SK_SLACK) + alignment) else { fatalError("out of memory") }
        self.block = block
        base = block.alignedUp(toMultipleOf: alignment)
    }

    deinit { free(block) }

    var floats: UnsafeMutablePointer<Float> { base.assumingMemoryBound(to: Float.self) }
}

/// One tensor's values for every calibration picture: float32, or int8 in the kernels' memory form (`sk_act`).
///
/// A large one lies in a temporary file, of which only the pictures at hand are in memory: passes go picture by picture and `release` each.
final class PictureTensor: @unchecked Sendable {
    /// From here on a tensor lies in a file. A layer has up to five of its kind, and 1 GiB is to be enough.
    static let largestInMemory = 160 << 20

    let pictures: Int
    private let base: UnsafeMutableRawPointer
    /// Keeps `base` alive.
    private let memory: AnyObject
    private let stride: Int
    private let isSpilled: Bool

    /// - Parameter bytes: for one picture.
    /// - Throws: when it is too large for memory and there is no room for a temporary file.
    init(pictures: Int, bytes: Int, largestInMemory: Int = PictureTensor.largestInMemory) throws(QuantizationError) {
        self.pictures = pictures
        isSpilled = Self.isSpilled(pictures: pictures, bytes: bytes, largestInMemory: largestInMemory)
        let alignment = isSpilled ? SpillFile.pageSize : Int(SK_ALIGNMENT)
        stride = (bytes + Int(SK_SLACK) + alignment - 1) / alignment * alignment
        if isSpilled {
            let file = try SpillFile(bytes: stride * pictures)
            (base, memory) = (file.base, file)
        } else {
            let buffer = AlignedBuffer(bytes: stride * pictures)
            (base, memory) = (buffer.base, buffer)
        }
    }

    static func isSpilled(pictures: Int, bytes: Int, largestInMemory: Int = PictureTensor.largestInMemory) -> Bool {
        (bytes + Int(SK_SLACK)) * pictures > largestInMemory
    }

    func picture(_ index: Int) -> UnsafeMutableRawPointer { base + index * stride }
    func floats(_ index: Int) -> UnsafeMutablePointer<Float> { picture(index).assumingMemoryBound(to: Float.self) }
    func activations(_ index: Int) -> UnsafeMutablePointer<sk_act> { picture(index).assumingMemoryBound(to: sk_act.self) }

    /// The pass is done with a picture, which keeps its values.
    func release(_ index: Int) {
        if isSpilled { SpillFile.release(picture(index), bytes: stride) }
    }
}
