/// An array as NumPy's `.npy` files hold it, its values as single precision in C order.
package struct NumpyArray: Sendable, Equatable {
    /// Empty for a single value.
    package var shape: [Int]
    /// As many as the product of `shape`, the last axis running fastest.
    package var values: [Float]

    package init(shape: [Int], values: [Float]) {
        precondition(shape.reduce(1, *) == values.count)
        self.shape = shape
        self.values = values
    }
}

extension NumpyArray {
    /// Reads a `.npy` file (see `NumpyFile`). What single precision cannot hold is rounded.
    /// - Throws: where the values take more than `Ceilings.arrayBytes` as single precision, too.
    package init(npy bytes: UnsafeRawBufferPointer) throws(SwiftletError) {
        let file = try NumpyFile(bytes)
        shape = file.shape
        values = try file.values()
    }
}

extension NumpyArray {
    /// The bytes that `numpy.save` writes for a float32 array in C order.
    package func npy() -> [UInt8] {
        var writer = ByteWriter()
        writer.append(bytes: NumpyArray.header(shape: shape))
        values.withUnsafeBytes { writer.append(bytes: Array($0)) }
        return writer.bytes
    }

    /// What stands before the values of a float32 array in C order.
    package static func header(shape: [Int]) -> [UInt8] {
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
        return writer.bytes
    }
}
