/// The prepared pixels of a calibration set's pictures, written once each, from any thread; in a temporary file when there are many.
package final class PixelStore: Sendable {
    private let values: PictureTensor
    private let bytes: Int

    /// - Parameter bytes: of one picture.
    /// - Throws: when they are too many for memory and there is no room for a temporary file.
    package init(pictures: Int, bytes: Int) throws(QuantizationError) {
        values = try PictureTensor(pictures: pictures, bytes: bytes)
        self.bytes = bytes
    }

    /// `pixels` has as many bytes as a picture.
    package func set(_ index: Int, _ pixels: UnsafeBufferPointer<UInt8>) {
        values.picture(index).copyMemory(from: pixels.baseAddress!, byteCount: min(bytes, pixels.count))
        values.release(index)
    }

    package func withPixels<Result>(_ index: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        defer { values.release(index) }
        return try body(UnsafeBufferPointer(start: values.picture(index).assumingMemoryBound(to: UInt8.self), count: bytes))
    }

    /// What it holds in memory, and in a temporary file.
    package static func size(pictures: Int, bytes: Int) -> (memory: Double, temporary: Double) {
        let all = Double(pictures) * Double(bytes)
        return PictureTensor.isSpilled(pictures: pictures, bytes: bytes) ? (0, all) : (all, 0)
    }
}
