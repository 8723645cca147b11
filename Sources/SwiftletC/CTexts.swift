internal import CPlatform
internal import SwiftletRuntime

/// Texts as C has them, each ended by a zero, in one block that never moves.
final class CTexts {
    private let bytes: UnsafeMutablePointer<CChar>
    private let offsets: [Int]

    private init(_ bytes: UnsafeMutablePointer<CChar>, _ offsets: [Int]) {
        (self.bytes, self.offsets) = (bytes, offsets)
    }

    deinit {
        sp_free(bytes)
    }

    subscript(_ index: Int) -> UnsafePointer<CChar> { UnsafePointer(bytes + offsets[index]) }

    /// Collects the texts, whose number and length are known when all are there.
    struct Builder {
        private var bytes: [UInt8] = []
        private var offsets: [Int] = []

        /// A zero inside a text ends it for C.
        mutating func append(_ text: String) {
            offsets.append(bytes.count)
            bytes += text.utf8
            bytes.append(0)
        }

        func finish() throws(SwiftletError) -> CTexts {
            guard let block = sp_allocate(bytes.count) else { throw .outOfMemory(bytes.count, for: "the model's texts") }
            bytes.withUnsafeBytes { block.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
            return CTexts(block.bindMemory(to: CChar.self, capacity: bytes.count), offsets)
        }
    }
}
