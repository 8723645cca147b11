import Foundation
import SwiftletGraph

extension ONNX_TensorProto {
    /// An integer takes sixteen bytes as a constant, where it may be one in the file. Shapes, axes and indices are a few thousand in all.
    static let integerLimit = 1 << 20

    /// The tensor as a constant: floating-point types become single precision, integers and booleans integers.
    ///
    /// - Parameter files: those beside the model, for a tensor whose data are in one.
    func constant(_ files: ONNXExternalData = ONNXExternalData(folder: nil)) throws(ONNXProblem) -> Constant {
        let (shape, count) = try checkedShape()
        let tensor = try holdingData(files, count)
        guard let constant = Constant(shape: shape, elements: try tensor.elements(count)) else { throw wrongCount }
        return constant
    }

    /// Integers that stand for floats, as floats: any number of them.
    func codes(_ files: ONNXExternalData) throws(ONNXProblem) -> (numbers: [Float], shape: [Int]) {
        let (shape, count) = try checkedShape()
        let tensor = try holdingData(files, count)
        let numbers: [Float] =
            switch dataType {
            case 2: try tensor.raw(count, UInt8.self)?.map(Float.init) ?? tensor.int32Data.map(Float.init)
            case 3: try tensor.raw(count, Int8.self)?.map(Float.init) ?? tensor.int32Data.map(Float.init)
            case 4: try tensor.raw(count, UInt16.self)?.map(Float.init) ?? tensor.int32Data.map(Float.init)
            case 5: try tensor.raw(count, Int16.self)?.map(Float.init) ?? tensor.int32Data.map(Float.init)
            case 6: try tensor.raw(count, Int32.self)?.map(Float.init) ?? tensor.int32Data.map(Float.init)
            default: throw .unsupported("tensor '\(name)' has element type \(dataType)")
            }
        guard numbers.count == count else { throw wrongCount }
        return (numbers, shape)
    }

    private func checkedShape() throws(ONNXProblem) -> (shape: [Int], count: Int) {
        guard dims.count <= Shape.rankLimit else { throw .malformed("tensor '\(name)' has \(dims.count) axes") }
        let shape = dims.map { Int($0) }
        guard let count = shape.elementCount else {
            throw .malformed("tensor '\(name)' has the shape \(dims), which is negative or too large")
        }
        return (shape, count)
    }

    private var wrongCount: ONNXProblem { .malformed("tensor '\(name)' has the shape \(dims) but another number of elements") }

    /// The tensor with its bytes in it, wherever the file keeps them.
    private func holdingData(_ files: ONNXExternalData, _ count: Int) throws(ONNXProblem) -> ONNX_TensorProto {
        guard dataLocation != 0 else { return self }
        guard let size = elementSize else { throw .unsupported("tensor '\(name)' has element type \(dataType)") }
        var tensor = self
        tensor.rawData = try files.bytes(of: self, expected: count * size)
        return tensor
    }

    /// Bytes of one element in `raw_data`.
    private var elementSize: Int? {
        switch dataType {
        case 2, 3, 9: 1
        case 4, 5, 10, 16: 2
        case 1, 6, 12: 4
        case 7, 11, 13: 8
        default: nil
        }
    }

    private func elements(_ count: Int) throws(ONNXProblem) -> Constant.Elements {
        guard [1, 10, 11, 16].contains(dataType) || count <= Self.integerLimit else {
            throw .malformed("tensor '\(name)' has more integers than the shapes and indices of a network take")
        }
        func integers<T: BinaryInteger>(_ values: some Sequence<T>) throws(ONNXProblem) -> Constant.Elements {
            var converted: [SwiftletGraph.Dimension] = []
            converted.reserveCapacity(values.underestimatedCount)
            for value in values {
                guard let value = Int(exactly: value) else { throw .malformed("tensor '\(name)' has an integer that is out of range") }
                converted.append(.fixed(value))
            }
            return .integers(converted)
        }
        switch dataType {
        case 1: return .floats(try raw(count, Float.self) ?? floatData)
        case 10: return .floats(try halves(count).map { Float(Float16(bitPattern: $0)) })
        case 16: return .floats(try halves(count).map { Float(bitPattern: UInt32($0) << 16) })
        case 11: return .floats((try raw(count, UInt64.self)?.map(Double.init(bitPattern:)) ?? doubleData).map { Float($0) })
        case 2: return try integers(raw(count, UInt8.self)?.map(Int32.init) ?? int32Data)
        case 3: return try integers(raw(count, Int8.self)?.map(Int32.init) ?? int32Data)
        case 4: return try integers(raw(count, UInt16.self)?.map(Int32.init) ?? int32Data)
        case 5: return try integers(raw(count, Int16.self)?.map(Int32.init) ?? int32Data)
        case 6: return try integers(raw(count, Int32.self) ?? int32Data)
        case 9: return try integers(raw(count, UInt8.self)?.map { $0 == 0 ? 0 : 1 } ?? int32Data)
        case 7: return try integers(raw(count, Int64.self) ?? int64Data)
        case 12: return try integers(raw(count, UInt32.self)?.map(UInt64.init) ?? uint64Data)
        case 13: return try integers(raw(count, UInt64.self) ?? uint64Data)
        default: throw .unsupported("tensor '\(name)' has element type \(dataType)")
        }
    }

    /// The bit patterns of 16-bit floats, which the typed form keeps in `int32_data`.
    private func halves(_ count: Int) throws(ONNXProblem) -> [UInt16] {
        try raw(count, UInt16.self) ?? int32Data.map { UInt16(truncatingIfNeeded: $0) }
    }

    /// `raw_data`, little-endian as the machines are that this is built for; nil when the tensor is in typed form.
    private func raw<T: BitwiseCopyable>(_ count: Int, _ type: T.Type) throws(ONNXProblem) -> [T]? {
        if rawData.isEmpty { return nil }
        let size = MemoryLayout<T>.size
        guard rawData.count % size == 0, rawData.count / size == count else {
            throw .malformed("tensor '\(name)' has the shape \(dims) but \(rawData.count) bytes")
        }
        return [T](unsafeUninitializedCapacity: count) { buffer, initialized in
            rawData.withUnsafeBytes { UnsafeMutableRawBufferPointer(buffer).copyMemory(from: $0) }
            initialized = count
        }
    }
}
