import SwiftletGraph

/// Tensors that the file has the values of.
extension TFLiteTensor {
    /// The floats that the tensor is, or that its integers stand for on `grid`, in the file's order.
    func floats(_ bytes: FileBytes, _ grid: PublishedGrid?) throws(TFLiteProblem) -> [Float] {
        let bytes = try checked(bytes)
        guard let grid else { return try plainFloats(bytes) }
        switch element {
        case .uint8: return dequantized(bytes, UInt8.self, grid)
        case .int8: return dequantized(bytes, Int8.self, grid)
        case .int16: return dequantized(bytes, Int16.self, grid)
        case .int32: return dequantized(bytes, Int32.self, grid)
        default: return dequantized(bytes, Int64.self, grid)
        }
    }

    /// Indices, axes and shapes.
    func integers(_ bytes: FileBytes) throws(TFLiteProblem) -> [Int] {
        let bytes = try checked(bytes)
        switch element {
        case .uint8, .bool: return map(bytes, UInt8.self) { Int($0) }
        case .int8: return map(bytes, Int8.self) { Int($0) }
        case .int16: return map(bytes, Int16.self) { Int($0) }
        case .int32: return map(bytes, Int32.self) { Int($0) }
        case .int64: return map(bytes, Int64.self) { Int($0) }
        default: throw .malformed("'\(name)' has floats where integers belong")
        }
    }

    var count: Int? { shape.elementCount }

    /// The bytes, whose number is right.
    private func checked(_ bytes: FileBytes) throws(TFLiteProblem) -> FileBytes {
        guard let element else { throw .unsupported("'\(name)' has the element type \(elementNumber)") }
        guard !isSparse else { throw .unsupported("'\(name)' is sparse") }
        guard let count, count == bytes.count / element.size, bytes.count % element.size == 0 else {
            throw .malformed("'\(name)' has the shape \(shape.prefix(8)) and \(bytes.count) bytes")
        }
        return bytes
    }

    private func plainFloats(_ bytes: FileBytes) throws(TFLiteProblem) -> [Float] {
        switch element {
        case .float32: return map(bytes, UInt32.self) { Float(bitPattern: $0) }
        case .float16: return map(bytes, UInt16.self) { Self.single(Float16(bitPattern: $0)) }
        case .bfloat16: return map(bytes, UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
        case .float64: return map(bytes, UInt64.self) { Float(Double(bitPattern: $0)) }
        default: throw .unsupported("'\(name)' has integers where floats belong, and no scale")
        }
    }

    /// Hard-swish and hard-sigmoid have a sixth, and are known by it.
    private static func single(_ half: Float16) -> Float { half == Float16(1.0 / 6) ? 1 / 6 : Float(half) }

    private func dequantized<Value: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: FileBytes, _ type: Value.Type, _ grid: PublishedGrid
    ) -> [Float] {
        let channels = grid.scales.count
        let inner = channels == 1 ? 1 : shape[((grid.axis ?? 0) + 1)...].reduce(1, *)
        return bytes.withUnsafeBytes { buffer in
            (0..<buffer.count / MemoryLayout<Value>.size).map { index in
                let channel = channels == 1 ? 0 : index / inner % channels
                // An int32 less a zero point may need more than the 24 bits of a float.
                let value = Double(buffer.value(index, type)) - Double(grid.zeroPoints[channel])
                return Float(value * Double(grid.scales[channel]))
            }
        }
    }

    private func map<Value: FixedWidthInteger & BitwiseCopyable, Result>(
        _ bytes: FileBytes, _ type: Value.Type, _ convert: (Value) -> Result
    ) -> [Result] {
        bytes.withUnsafeBytes { buffer in
            (0..<buffer.count / MemoryLayout<Value>.size).map { convert(buffer.value($0, type)) }
        }
    }
}

extension UnsafeRawBufferPointer {
    /// The little-endian number of `type` at `index`, counted in such numbers; it must be inside.
    fileprivate func value<Value: FixedWidthInteger & BitwiseCopyable>(_ index: Int, _ type: Value.Type) -> Value {
        Value(littleEndian: loadUnaligned(fromByteOffset: index * MemoryLayout<Value>.size, as: type))
    }
}
