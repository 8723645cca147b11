import CPlatform
import SwiftletRuntime

/// A float32 `.npy` file as it is written: header and values in one piece of memory, which is there before the first value is computed.
final class NumpyResults {
    private let path: String
    private let memory: UnsafeMutableRawPointer
    private let size: Int
    /// Where the next value goes.
    private var position: Int

    /// - Parameters:
    ///   - shape: of the results.
    ///   - input: the file of pictures, which is to blame where there are too many.
    ///   - path: where to write.
    init(shape: [Int], input: String, path: String) throws(ToolError) {
        let header = NumpyArray.header(shape: shape)
        let bytes = shape.reduce(WideCount(1)) { $0 * $1 } * MemoryLayout<Float>.size
        guard let values = bytes.within(Ceilings.arrayBytes) else {
            let excess = Ceilings.exceeded(bytes, "bytes", Ceilings.arrayBytes)
            throw .badInput("\(input): its results take \(excess); give fewer pictures at a time")
        }
        guard let memory = sp_allocate(header.count + values) else {
            throw .failed("\(path): no memory for results of \(bytes.text) bytes")
        }
        self.path = path
        self.memory = memory
        size = header.count + values
        header.withUnsafeBytes { memory.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
        position = header.count
    }

    deinit { sp_free(memory) }

    /// Appends values, of which there are no more than the shape says.
    func append(_ values: [Float]) {
        for value in values {
            memory.storeBytes(of: value.bitPattern.littleEndian, toByteOffset: position, as: UInt32.self)
            position += MemoryLayout<UInt32>.size
        }
    }

    func write() throws(ToolError) {
        try OutputFile.write(UnsafeRawBufferPointer(start: memory, count: size), to: path)
    }
}
