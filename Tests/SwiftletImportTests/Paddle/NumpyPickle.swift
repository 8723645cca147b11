/// Arrays as numpy's pickles have them.
enum NumpyPickle {
    /// Opcodes of protocol 3 and later that leave an array of single precision on the stack.
    static func array(_ shape: [Int], _ values: [Float], isFortran: Bool = false, global: String = "numpy.core.multiarray") -> [UInt8] {
        func text(_ text: String) -> [UInt8] { [0x8C, UInt8(text.utf8.count)] + Array(text.utf8) }
        func named(_ module: String, _ name: String) -> [UInt8] { Array("c\(module)\n\(name)\n".utf8) }
        func tuple(_ content: [UInt8]) -> [UInt8] { Array("(".utf8) + content + Array("t".utf8) }
        func number(_ value: Int) -> [UInt8] { withUnsafeBytes(of: UInt32(value).littleEndian) { Array($0) } }
        let bytes = values.withUnsafeBytes { Array($0) }
        let made =
            named(global, "_reconstruct") + tuple(named("numpy", "ndarray") + tuple([0x4B, 0]) + [0x43, 1, 0x62]) + Array("R".utf8)
        let type =
            named("numpy", "dtype") + tuple(text("f4") + [0x89, 0x88]) + Array("R".utf8)
            + tuple([0x4B, 3] + text("<") + Array("NNN".utf8) + [0x4B, 0, 0x4B, 0, 0x4B, 0]) + Array("b".utf8)
        let state =
            [0x4B, 1] + tuple(shape.flatMap { Array("J".utf8) + number($0) }) + type + [isFortran ? 0x88 : 0x89] + Array("B".utf8)
            + number(bytes.count) + bytes
        return made + tuple(state) + Array("b".utf8)
    }
}
