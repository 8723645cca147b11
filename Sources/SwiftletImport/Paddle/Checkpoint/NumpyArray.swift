/// An array of numpy's as pickles describe it: a call of `_reconstruct`, and as its state (1, shape, dtype, whether the first axis is the
/// fastest, elements).
struct NumpyArray {
    /// The names that pickles of arrays have in them, numpy 1's and 2's.
    static let globals: Set<String> = [
        "numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct", "numpy.core.multiarray.scalar",
        "numpy._core.multiarray.scalar", "numpy.ndarray", "numpy.dtype", "_codecs.encode",
    ]

    private let pickle: Pickle
    private let state: [PickleValue]

    /// nil for a value that is no array.
    init?(_ value: PickleValue, in pickle: Pickle) {
        guard let object = pickle.object(value), object.type.hasSuffix("multiarray._reconstruct"), let state = object.state,
            let parts = pickle.sequence(state)
        else { return nil }
        self.pickle = pickle
        self.state = parts
    }

    /// - Parameter name: the tensor's, in errors.
    func tensor(_ name: String, _ allowance: inout WeightAllowance) throws(CheckpointError) -> WeightTensor {
        guard state.count == 5, let extents = pickle.sequence(state[1]), case .bool(let isFortran) = state[3] else {
            throw CheckpointError("tensor \(name) is not described as numpy does it")
        }
        let shape = extents.compactMap(\.integer)
        guard shape.count == extents.count else { throw CheckpointError("tensor \(name) is not described as numpy does it") }
        let element = try element(state[2], name)
        let bytes = try contents(state[4], name)
        let view = PyTorchView(offset: 0, shape: shape, strides: Self.strides(shape, isFortran: isFortran))
        guard let count = view.count(inStorageOf: bytes.count / element.size), count * element.size == bytes.count else {
            throw CheckpointError("tensor \(name) of shape \(shape.prefix(8)) does not fill its \(bytes.count) bytes")
        }
        try allowance.take(count)
        return WeightTensor(shape: shape, values: view.values(bytes, element))
    }

    /// A dtype: a call with ('f4', …) whose state has the byte order second. Paddle stores bfloat16 as u2, which nothing else is.
    private func element(_ value: PickleValue, _ name: String) throws(CheckpointError) -> PyTorchElement {
        guard let object = pickle.object(value), object.type == "numpy.dtype", let code = pickle.sequence(object.arguments)?.first?.string
        else { throw CheckpointError("tensor \(name) has no element type") }
        let order = object.state.flatMap { pickle.sequence($0) }.flatMap { $0.count > 1 ? $0[1].string : nil } ?? "<"
        guard order != ">" else { throw CheckpointError("tensor \(name) has big-endian numbers, which cannot be read") }
        guard let element = Self.elements[code] else { throw CheckpointError("tensor \(name) has the type \(code), which cannot be read") }
        return element
    }

    private static let elements: [String: PyTorchElement] = [
        "f2": .half, "f4": .float, "f8": .double, "u2": .bfloat16, "i1": .int8, "u1": .uint8, "i2": .int16, "i4": .int32, "i8": .int64,
        "b1": .bool,
    ]

    /// Bytes; or, before protocol 3, a call that encodes a text whose characters are the bytes.
    private func contents(_ value: PickleValue, _ name: String) throws(CheckpointError) -> FileBytes {
        if case .bytes(let bytes) = value { return bytes }
        guard let object = pickle.object(value), object.type == "_codecs.encode", let arguments = pickle.sequence(object.arguments),
            arguments.count == 2, arguments[1].string == "latin1", let bytes = Self.latin1(arguments[0])
        else { throw CheckpointError("tensor \(name) has no elements") }
        return FileBytes(bytes)
    }

    /// The characters of UTF-8 as bytes; nil where one is beyond 255.
    private static func latin1(_ value: PickleValue) -> [UInt8]? {
        switch value {
        case .bytes(let text): text.withUnsafeBytes { latin1($0) }
        case .string(var text): text.withUTF8 { latin1(UnsafeRawBufferPointer($0)) }
        default: nil
        }
    }

    private static func latin1(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte < 0x80 {
                result.append(byte)
                index += 1
            } else {
                // Two bytes, 110000xx 10xxxxxx, have the characters 128 to 255.
                guard byte & 0xFC == 0xC0, index + 1 < text.count, text[index + 1] & 0xC0 == 0x80 else { return nil }
                result.append(byte << 6 | text[index + 1] & 0x3F)
                index += 2
            }
        }
        return result
    }

    /// In elements; products that pass 64 bits belong to shapes that `PyTorchView.count` refuses.
    private static func strides(_ shape: [Int], isFortran: Bool) -> [Int] {
        var strides = [Int](repeating: 1, count: shape.count)
        var step = 1
        for axis in isFortran ? Array(shape.indices) : shape.indices.reversed() {
            strides[axis] = step
            let (product, overflows) = step.multipliedReportingOverflow(by: max(shape[axis], 0))
            step = overflows ? 0 : product
        }
        return strides
    }
}
