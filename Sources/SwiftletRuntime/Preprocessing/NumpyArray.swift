/// An array as NumPy's `.npy` files hold it, its values as single precision in C order.
public struct NumpyArray: Sendable, Equatable {
    /// Empty for a single value.
    public var shape: [Int]
    /// As many as the product of `shape`, the last axis running fastest.
    public var values: [Float]

    public init(shape: [Int], values: [Float]) {
        precondition(shape.reduce(1, *) == values.count)
        self.shape = shape
        self.values = values
    }
}

extension NumpyArray {
    /// Reads a `.npy` file (NumPy enhancement proposal 1; versions 1 to 3): float16, float32, float64, bool or an integer type, little endian,
    /// in C or Fortran order. What single precision cannot hold is rounded. Bytes after the array are not looked at.
    public init(npy bytes: UnsafeRawBufferPointer) throws(InputError) {
        var reader = ByteReader(bytes)
        let signature: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59] // "\x93NUMPY"
        guard let start = reader.take(signature.count), start.elementsEqual(signature) else { throw InputError("NPY: does not begin as one") }
        guard let major = reader.uint8(), reader.uint8() != nil else { throw InputError("NPY: the header is truncated") }
        guard (1...3).contains(major) else { throw InputError("NPY: version \(major), supported are 1 to 3") }
        guard let length = major == 1 ? reader.uint16() : NumpyArray.length(&reader), let text = reader.take(length) else {
            throw InputError("NPY: the header is truncated")
        }
        guard let header = NumpyHeader(text) else { throw InputError("NPY: the header is damaged") }
        guard let type = NumpyType(header.type) else {
            throw InputError("NPY: element type '\(String(decoding: header.type, as: UTF8.self))' is not supported")
        }
        var count = 1
        for side in header.shape {
            let (product, overflows) = count.multipliedReportingOverflow(by: side)
            guard !overflows else { throw InputError("NPY: the shape is out of bounds") }
            count = product
        }
        let (byteCount, overflows) = count.multipliedReportingOverflow(by: type.size)
        guard !overflows, let data = reader.take(byteCount) else { throw InputError("NPY: the file is too short for its shape") }
        shape = header.shape
        values = type.values(data)
        if header.isFortranOrder { values = NumpyArray.fromFortranOrder(values, shape: shape) }
    }

    /// A 32-bit length; nil where it does not fit a board's Int.
    private static func length(_ reader: inout ByteReader) -> Int? {
        guard let low = reader.uint16(), let high = reader.uint16(), high < 0x8000 else { return nil }
        return high << 16 | low
    }

    private static func fromFortranOrder(_ values: [Float], shape: [Int]) -> [Float] {
        var strides: [Int] = []
        var stride = 1
        for side in shape {
            strides.append(stride)
            stride *= side
        }
        var result: [Float] = []
        result.reserveCapacity(values.count)
        var index = [Int](repeating: 0, count: shape.count)
        var offset = 0
        for _ in 0..<values.count {
            result.append(values[offset])
            // The next index in C order, and its place.
            for axis in shape.indices.reversed() {
                index[axis] += 1
                offset += strides[axis]
                if index[axis] < shape[axis] { break }
                offset -= index[axis] * strides[axis]
                index[axis] = 0
            }
        }
        return result
    }
}

extension NumpyArray {
    /// The bytes that `numpy.save` writes for a float32 array in C order.
    public func npy() -> [UInt8] {
        var list = ""
        for side in shape { list += list.isEmpty ? "\(side)" : ", \(side)" }
        if shape.count == 1 { list += "," }
        var header = Array("{'descr': '<f4', 'fortran_order': False, 'shape': (\(list)), }".utf8)
        // NumPy leaves room for the first axis to grow to 21 digits in place, then aligns the data to 64 bytes.
        if let first = shape.first { header += [UInt8](repeating: 0x20, count: max(21 - "\(first)".utf8.count, 0)) }
        header += [UInt8](repeating: 0x20, count: 64 - (10 + header.count + 1) % 64)
        header.append(0x0A)

        var writer = ByteWriter()
        writer.append(bytes: [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0])
        writer.uint16(header.count)
        writer.append(bytes: header)
        values.withUnsafeBytes { writer.append(bytes: Array($0)) }
        return writer.bytes
    }
}
