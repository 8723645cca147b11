import SwiftletGraph

/// The tensors of a `.pdiparams` file. It holds them back to back, without names, in the order of their names' bytes; each is
///
///     u32 0 | u64 number of levels of detail, for each u64 size and as many bytes | u32 0 | i32 size | TensorDesc | elements
///
/// Nothing is aligned. A tensor becomes numbers when somebody asks for it, so that those of the file are in memory once.
struct PaddleParameters {
    struct Tensor {
        var element: PaddleElement
        var shape: [Int]
        var count: Int
        fileprivate var bytes: FileBytes
    }

    private var tensors: [Int: Tensor] = [:]

    /// - Parameter parameters: the program's, in any order.
    init(_ file: [UInt8], for parameters: [PaddleProgram.Parameter]) throws(PaddleError) {
        var bytes = FileBytes(file)
        let sorted = parameters.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        for (first, second) in zip(sorted, sorted.dropFirst()) where first.name == second.name {
            throw PaddleError("the program has two parameters called '\(first.name)'")
        }
        for (index, parameter) in sorted.enumerated() {
            guard bytes.count > 0 else {
                throw PaddleError(
                    "it holds \(index) tensors, but the program has \(sorted.count) parameters: it belongs to another program")
            }
            do throws(PaddleError) {
                tensors[parameter.value] = try Self.tensor(&bytes)
            } catch {
                throw PaddleError("tensor \(index + 1) of \(sorted.count), '\(parameter.name)': \(error.reason)")
            }
        }
        guard bytes.count == 0 else {
            throw PaddleError(
                "\(bytes.count) bytes follow the program's \(sorted.count) parameters: it belongs to another program")
        }
    }

    /// The tensor of a parameter's value; nil for other values.
    subscript(value: Int) -> Tensor? { tensors[value] }

    private static func tensor(_ bytes: inout FileBytes) throws(PaddleError) -> Tensor {
        let damaged = PaddleError("its header is damaged or truncated")
        guard bytes.integer(UInt32.self) == 0, let levels = bytes.length(UInt64.self), levels <= bytes.count / 8 else { throw damaged }
        for _ in 0..<levels {
            guard let size = bytes.length(UInt64.self), bytes.take(size) != nil else { throw damaged }
        }
        guard bytes.integer(UInt32.self) == 0, let size = bytes.length(Int32.self), let message = bytes.take(size) else { throw damaged }
        var limits = PaddleLimits()
        let description = try PaddleTensorDescription(message, &limits)
        guard let element = PaddleElement(rawValue: description.type) else {
            throw PaddleError("it has the element type \(description.type), which cannot be read")
        }
        guard description.shape.count <= Shape.rankLimit, let count = description.shape.elementCount else {
            throw PaddleError("it has the shape \(description.shape.prefix(8)), which is negative or too large")
        }
        guard count <= bytes.count / element.stored.size, let values = bytes.take(count * element.stored.size) else {
            throw PaddleError("it has the shape \(description.shape), but just \(bytes.count) bytes are left: truncated or damaged")
        }
        return Tensor(element: element, shape: description.shape, count: count, bytes: values)
    }
}

extension PaddleParameters.Tensor {
    /// The elements in C order, in single precision.
    var floats: [Float] {
        PyTorchView(offset: 0, shape: [count], strides: [1]).values(bytes, element.stored)
    }

    /// The tensor as a constant: integers where it holds shapes or indices.
    func constant(_ integers: inout PaddleIntegerAllowance) throws(PaddleError) -> Constant? {
        guard element.isInteger else { return Constant(shape: shape, elements: .floats(floats)) }
        try integers.take(count)
        return Constant(shape: shape, elements: .integers(wholeNumbers.map { .fixed($0) }))
    }

    private var wholeNumbers: [Int] {
        bytes.withUnsafeBytes { raw in
            func all<Stored: FixedWidthInteger & BitwiseCopyable>(_ type: Stored.Type) -> [Int] {
                (0..<count).map { index in
                    Int(Stored(littleEndian: raw.loadUnaligned(fromByteOffset: index * MemoryLayout<Stored>.size, as: type)))
                }
            }
            switch element {
            case .int64: return all(Int64.self)
            case .int32: return all(Int32.self)
            default: return all(UInt8.self).map { $0 == 0 ? 0 : 1 }
            }
        }
    }
}

/// Integers take sixteen bytes each as constants, where a byte may be one in the file. Shapes and indices are a few thousand in all.
struct PaddleIntegerAllowance {
    private var remaining = 1 << 20

    mutating func take(_ count: Int) throws(PaddleError) {
        guard count <= remaining else {
            throw PaddleError("its parameters hold more integers than the shapes and indices of a network take")
        }
        remaining -= count
    }
}
