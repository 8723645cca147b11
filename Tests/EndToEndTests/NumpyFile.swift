import Foundation

/// A .npy, version 1, of float32.
enum NumpyFile {
    static func bytes(_ shape: [Int], _ values: [Float]) -> Data {
        var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(shape.map(String.init).joined(separator: ", "))), }"
        header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
        var data =
            Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0, UInt8(header.utf8.count & 255), UInt8(header.utf8.count >> 8)])
            + Data(header.utf8)
        for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) } }
        return data
    }

    /// The header's text and the values of a file.
    static func values(_ file: String) throws -> (header: String, values: [Float]) {
        let data = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
        let start = 10 + Int(data[8]) + Int(data[9]) << 8
        let values = stride(from: start, to: data.count, by: 4).map { offset in
            Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(data[offset + $1]) << UInt32(8 * $1) })
        }
        return (String(decoding: data[10..<start], as: UTF8.self), values)
    }
}
