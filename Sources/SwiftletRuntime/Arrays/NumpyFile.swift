/// A `.npy` file in place: shape and element type read and checked against the bytes, no value converted yet. A part of a large array costs
/// no more memory than it has values.
package struct NumpyFile {
    /// As NumPy itself allows.
    static let maximumAxes = 64
    /// Bytes of a header: of the element types that are read here none needs more, however many axes there are.
    static let maximumHeader = 65_535

    /// Empty for a single value.
    package let shape: [Int]
    private let type: NumpyType
    private let isFortranOrder: Bool
    private let data: UnsafeRawBufferPointer

    /// Reads the header of NumPy enhancement proposal 1, versions 1 to 3: float16, float32, float64, bool or an integer type, little
    /// endian, in C or Fortran order. Bytes after the array are not looked at. `bytes` must outlive the file.
    package init(_ bytes: UnsafeRawBufferPointer) throws(SwiftletError) {
        var reader = ByteReader(bytes)
        let header = try NumpyFile.header(&reader)
        guard let type = NumpyType(header.type) else {
            throw .badFile("NPY: element type '\(String(decoding: header.type, as: UTF8.self))' is not supported")
        }
        let count = NumpyFile.count(of: header.shape)
        guard count != .tooLarge else { throw .badFile("NPY: the shape is out of bounds") }
        guard let size = (count * type.size).within(WideCount(Int.max)), let data = reader.take(size) else {
            throw .badFile("NPY: the file is too short for its shape")
        }
        (shape, self.type, isFortranOrder, self.data) = (header.shape, type, header.isFortranOrder, data)
    }

    /// Whether the elements are unsigned bytes, as pixels are.
    package var holdsBytes: Bool { type == .uint8 }

    /// The shape that the file's header states, without the values being read.
    /// - Throws: `SwiftletError` when the file cannot be read or does not begin as a `.npy` file.
    package static func shape(inFile path: String) throws(SwiftletError) -> [Int] {
        var file = try InputFile(path)
        try file.read(first: maximumHeader + 12)  // and what stands before it: signature, version, length
        return try file.withBytes { bytes throws(SwiftletError) in
            var reader = ByteReader(bytes)
            return try header(&reader).shape
        }
    }

    private static func header(_ reader: inout ByteReader) throws(SwiftletError) -> NumpyHeader {
        let signature: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]  // "\x93NUMPY"
        guard let start = reader.take(signature.count), start.elementsEqual(signature) else {
            throw .badFile("NPY: does not begin as one")
        }
        guard let major = reader.uint8(), reader.uint8() != nil else { throw .badFile("NPY: the header is truncated") }
        guard (1...3).contains(major) else { throw .badFile("NPY: version \(major), supported are 1 to 3") }
        guard let low = reader.uint16(), let high = major == 1 ? 0 : reader.uint16() else {
            throw .badFile("NPY: the header is truncated")
        }
        guard high == 0 else { throw .badFile("NPY: a header of more than \(maximumHeader) bytes") }
        guard let text = reader.take(low) else { throw .badFile("NPY: the header is truncated") }
        guard let header = NumpyHeader(text) else { throw .badFile("NPY: the header is damaged") }
        guard header.shape.count <= maximumAxes else { throw .badFile("NPY: more than \(maximumAxes) axes") }
        return header
    }

    /// Values of all axes. Axes of 0 do not make up for others whose product is out of bounds: strides are products too.
    static func count(of shape: [Int]) -> WideCount {
        let extent = shape.reduce(WideCount(1)) { $0 * max($1, 1) }
        guard extent <= WideCount(Int.max) else { return .tooLarge }
        return shape.contains(0) ? WideCount(0) : extent
    }

    /// All values in C order.
    /// - Throws: where they take more than `Ceilings.arrayBytes` as single precision.
    package func values() throws(SwiftletError) -> [Float] {
        try values(from: 0, count: NumpyFile.count(of: shape))
    }

    /// The values at one index of the first axis, in C order. The array has an axis.
    package func values(at index: Int) throws(SwiftletError) -> [Float] {
        let count = NumpyFile.count(of: Array(shape[1...]))
        return try values(from: index, count: count)
    }

    /// - Parameters:
    ///   - index: of the first axis; 0 where all of the array is meant.
    private func values(from index: Int, count: WideCount) throws(SwiftletError) -> [Float] {
        let bytes = count * MemoryLayout<Float>.size
        guard bytes <= Ceilings.arrayBytes, let count = count.within(Ceilings.arrayBytes) else {
            throw .badFile("NPY: the values take \(Ceilings.exceeded(bytes, "bytes", Ceilings.arrayBytes))")
        }
        guard isFortranOrder, count > 0 else {
            let size = count * type.size  // no more than `data`, of which it is a part
            return type.values(UnsafeRawBufferPointer(rebasing: data[(index * size)..<((index + 1) * size)]))
        }
        return type.values(data, at: fortranOffsets(from: index, count: count))
    }

    /// Where the values lie in the file, in elements, in C order.
    private func fortranOffsets(from first: Int, count: Int) -> FortranOffsets {
        FortranOffsets(shape: shape, first: first, count: count)
    }
}

/// The offsets of an array in Fortran order, walked in C order.
struct FortranOffsets: Sequence, IteratorProtocol {
    private let shape: [Int]
    private var strides: [Int] = []
    private var index: [Int]
    private var offset: Int
    private var left: Int

    /// - Parameters:
    ///   - shape: with a product within Int, axes of 0 apart.
    ///   - first: where the first axis begins.
    init(shape: [Int], first: Int, count: Int) {
        self.shape = shape
        var stride = 1
        for side in shape {
            strides.append(stride)
            stride *= side
        }
        index = [Int](repeating: 0, count: shape.count)
        if !shape.isEmpty { index[0] = first }
        (offset, left) = (first, count)
    }

    mutating func next() -> Int? {
        guard left > 0 else { return nil }
        left -= 1
        defer { advance() }
        return offset
    }

    private mutating func advance() {
        for axis in shape.indices.reversed() {
            index[axis] += 1
            offset += strides[axis]
            if index[axis] < shape[axis] { return }
            offset -= index[axis] * strides[axis]
            index[axis] = 0
        }
    }
}
