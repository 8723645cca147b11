@testable import SwiftletImport

/// Makes checkpoints in both of PyTorch's containers.
struct CheckpointWriter {
    typealias Value = PickleWriter.Value

    /// Type, bytes and element count of each storage; its key is its index.
    private(set) var storages: [(type: String, bytes: [UInt8], count: Int)] = []

    mutating func storage<Element: BitwiseCopyable>(_ type: String, _ elements: [Element]) -> Value {
        storages.append((type, elements.withUnsafeBytes { Array($0) }, elements.count))
        return id(storages.count - 1)
    }

    /// The persistent id of a storage that exists; `count` to lie about its size.
    func id(_ index: Int, count: Int? = nil, legacyView: Value? = nil) -> Value {
        let storage = storages[index]
        var parts: [Value] = [
            .string("storage"), .global("torch", storage.type), .string("\(index)"), .string("cpu"), .int(count ?? storage.count),
        ]
        if let legacyView { parts.append(legacyView) }
        return .persistent(.tuple(parts))
    }

    static func tensor(_ storage: Value, offset: Int = 0, shape: [Int], strides: [Int]) -> Value {
        .call(
            .global("torch._utils", "_rebuild_tensor_v2"),
            [
                storage, .int(offset), .tuple(shape.map { .int($0) }), .tuple(strides.map { .int($0) }), .bool(false),
                .call(.orderedDict, []),
            ])
    }

    /// A tensor of floats in a storage of its own, in C order.
    mutating func tensor(_ values: [Float], shape: [Int]) -> Value {
        var strides = [Int](repeating: 1, count: shape.count)
        for d in shape.indices.dropLast().reversed() { strides[d] = strides[d + 1] * shape[d + 1] }
        return Self.tensor(storage("FloatStorage", values), shape: shape, strides: strides)
    }

    func zip(_ root: Value, byteOrder: String = "little", method: UInt16 = 0, checksums: Bool = true, zip64: Bool = false) -> [UInt8] {
        var entries = [("net/data.pkl", PickleWriter.pickle(root)), ("net/byteorder", Array(byteOrder.utf8))]
        for (index, storage) in storages.enumerated() { entries.append(("net/data/\(index)", storage.bytes)) }
        entries.append(("net/version", Array("3\n".utf8)))
        return ZipWriter.archive(entries, method: method, checksums: checksums, zip64: zip64)
    }

    func legacy(_ root: Value, keys: [Int]? = nil) -> [UInt8] {
        let keys = keys ?? Array(storages.indices)
        var bytes: [UInt8] = [0x80, 2, 0x8A, 10] + PyTorchLegacyFile.magic + [UInt8(ascii: ".")]
        bytes += PickleWriter.pickle(.int(1001))
        bytes += PickleWriter.pickle(.dict([(.string("protocol_version"), .int(1001)), (.string("little_endian"), .bool(true))]))
        bytes += PickleWriter.pickle(root)
        bytes += PickleWriter.pickle(.list(keys.map { .string("\($0)") }))
        for key in keys {
            withUnsafeBytes(of: Int64(storages[key].count)) { bytes += Array($0) }
            bytes += storages[key].bytes
        }
        return bytes
    }
}

/// A zip file of stored entries, in zip64 form on request.
enum ZipWriter {
    /// - Parameter prefix: what the archive is appended to.
    static func archive(
        _ entries: [(name: String, bytes: [UInt8])], method: UInt16, checksums: Bool, zip64: Bool, after prefix: [UInt8] = []
    ) -> [UInt8] {
        var file = prefix
        var directory = [UInt8]()
        for (name, bytes) in entries {
            let checksum = checksums ? CRC32.checksum(FileBytes(bytes)) : 0
            let offset = file.count
            // A local extra field, as PyTorch uses to align storages.
            let padding: [UInt8] = [0x46, 0x42, 3, 0, 0x5A, 0x5A, 0x5A]
            file += [0x50, 0x4B, 3, 4] + le(UInt16(0)) + le(UInt16(0)) + le(method) + le(UInt32(0)) + le(checksum)
            file += le(UInt32(bytes.count)) + le(UInt32(bytes.count)) + le(UInt16(name.utf8.count)) + le(UInt16(padding.count))
            file += Array(name.utf8) + padding + bytes

            let size = zip64 ? UInt32.max : UInt32(bytes.count)
            let extra = zip64 ? le(UInt16(1)) + le(UInt16(24)) + le(UInt64(bytes.count)) + le(UInt64(bytes.count)) + le(UInt64(offset)) : []
            directory += [0x50, 0x4B, 1, 2] + le(UInt16(0)) + le(UInt16(0)) + le(UInt16(0)) + le(method) + le(UInt32(0)) + le(checksum)
            directory += le(size) + le(size) + le(UInt16(name.utf8.count)) + le(UInt16(extra.count)) + le(UInt16(0)) + le(UInt16(0))
            directory += le(UInt16(0)) + le(UInt32(0)) + le(zip64 ? UInt32.max : UInt32(offset)) + Array(name.utf8) + extra
        }
        let start = file.count
        file += directory
        if zip64 {
            let record = file.count
            file += [0x50, 0x4B, 6, 6] + le(UInt64(44)) + le(UInt16(45)) + le(UInt16(45)) + le(UInt32(0)) + le(UInt32(0))
            file += le(UInt64(entries.count)) + le(UInt64(entries.count)) + le(UInt64(directory.count)) + le(UInt64(start))
            file += [0x50, 0x4B, 6, 7] + le(UInt32(0)) + le(UInt64(record)) + le(UInt32(1))
        }
        file += [0x50, 0x4B, 5, 6] + le(UInt16(0)) + le(UInt16(0)) + le(zip64 ? UInt16.max : UInt16(entries.count))
        file += le(zip64 ? UInt16.max : UInt16(entries.count)) + le(zip64 ? UInt32.max : UInt32(directory.count))
        return file + le(zip64 ? UInt32.max : UInt32(start)) + le(UInt16(0))
    }

    private static func le<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }
}
