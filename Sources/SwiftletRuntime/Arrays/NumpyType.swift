/// Element types of `.npy` files that become single precision.
enum NumpyType {
    case float16, float32, float64
    case int8, int16, int32, int64
    case uint8, uint16, uint32, uint64

    /// From NumPy's notation, such as "<f4"; nil for what is not supported: big endian, complex, text, records.
    init?(_ notation: [UInt8]) {
        guard notation.count == 3 else { return nil }
        let (order, kind, size) = (notation[0], notation[1], Int(notation[2]) - 0x30)
        guard order == UInt8(ascii: "<") || ((order == UInt8(ascii: "|") || order == UInt8(ascii: ">")) && size == 1) else { return nil }
        switch (kind, size) {
        case (UInt8(ascii: "f"), 2): self = .float16
        case (UInt8(ascii: "f"), 4): self = .float32
        case (UInt8(ascii: "f"), 8): self = .float64
        case (UInt8(ascii: "i"), 1): self = .int8
        case (UInt8(ascii: "i"), 2): self = .int16
        case (UInt8(ascii: "i"), 4): self = .int32
        case (UInt8(ascii: "i"), 8): self = .int64
        case (UInt8(ascii: "u"), 1), (UInt8(ascii: "b"), 1): self = .uint8
        case (UInt8(ascii: "u"), 2): self = .uint16
        case (UInt8(ascii: "u"), 4): self = .uint32
        case (UInt8(ascii: "u"), 8): self = .uint64
        default: return nil
        }
    }

    /// Bytes of an element.
    var size: Int {
        switch self {
        case .int8, .uint8: 1
        case .float16, .int16, .uint16: 2
        case .float32, .int32, .uint32: 4
        case .float64, .int64, .uint64: 8
        }
    }

    /// `bytes` holds whole elements.
    func values(_ bytes: UnsafeRawBufferPointer) -> [Float] {
        values(bytes, at: 0..<(bytes.count / size))
    }

    /// The elements at `indices`, each of which `bytes` holds.
    func values(_ bytes: UnsafeRawBufferPointer, at indices: some Sequence<Int>) -> [Float] {
        switch self {
        case .float16: NumpyType.convert(bytes, indices) { NumpyType.float(half: $0) }
        case .float32: NumpyType.convert(bytes, indices) { Float(bitPattern: $0) }
        case .float64: NumpyType.convert(bytes, indices) { Float(Double(bitPattern: $0)) }
        case .int8: NumpyType.convert(bytes, indices) { (value: Int8) in Float(value) }
        case .int16: NumpyType.convert(bytes, indices) { (value: Int16) in Float(value) }
        case .int32: NumpyType.convert(bytes, indices) { (value: Int32) in Float(value) }
        case .int64: NumpyType.convert(bytes, indices) { (value: Int64) in Float(value) }
        case .uint8: NumpyType.convert(bytes, indices) { (value: UInt8) in Float(value) }
        case .uint16: NumpyType.convert(bytes, indices) { (value: UInt16) in Float(value) }
        case .uint32: NumpyType.convert(bytes, indices) { (value: UInt32) in Float(value) }
        case .uint64: NumpyType.convert(bytes, indices) { (value: UInt64) in Float(value) }
        }
    }

    private static func convert<Stored: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: UnsafeRawBufferPointer, _ indices: some Sequence<Int>, _ convert: (Stored) -> Float
    ) -> [Float] {
        let size = MemoryLayout<Stored>.size
        return indices.map { convert(Stored(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * size, as: Stored.self))) }
    }

    /// From binary16, by hand because Swift's Float16 does not exist on every machine.
    private static func float(half bits: UInt16) -> Float {
        let sign = UInt32(bits & 0x8000) << 16
        let exponent = UInt32(bits >> 10 & 0x1F)
        let fraction = UInt32(bits & 0x3FF)
        switch exponent {
        case 0:
            // Zero and subnormals: multiples of 2^-24.
            let magnitude = Float(fraction) * 0x1p-24
            return sign == 0 ? magnitude : -magnitude
        case 0x1F:
            return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
        default:
            return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
        }
    }
}
