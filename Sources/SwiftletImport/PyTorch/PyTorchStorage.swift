/// Element types of PyTorch's storages.
enum PyTorchElement: String, CaseIterable {
    case float = "torch.FloatStorage"
    case double = "torch.DoubleStorage"
    case half = "torch.HalfStorage"
    case bfloat16 = "torch.BFloat16Storage"
    case int64 = "torch.LongStorage"
    case int32 = "torch.IntStorage"
    case int16 = "torch.ShortStorage"
    case int8 = "torch.CharStorage"
    case uint8 = "torch.ByteStorage"
    case bool = "torch.BoolStorage"

    var size: Int {
        switch self {
        case .double, .int64: 8
        case .float, .int32: 4
        case .half, .bfloat16, .int16: 2
        case .int8, .uint8, .bool: 1
        }
    }
}

/// A flat array that tensors are views of, as a pickle names it: the persistent id
/// ("storage", type, key, location, element count[, (view key, offset, element count) or None]).
struct PyTorchStorage {
    var element: PyTorchElement
    /// Names the bytes: an entry of the zip file, a record of a legacy file.
    var key: String
    /// First element of this storage in the bytes. Not 0 for the views of old releases alone.
    var offset: Int
    var count: Int
    /// Elements that the bytes hold.
    var totalCount: Int

    init(_ id: PickleValue, in pickle: Pickle) throws(CheckpointError) {
        guard let parts = pickle.sequence(id), 5...6 ~= parts.count, parts[0].string == "storage", case .global(let type) = parts[1],
            let key = parts[2].string, let count = parts[4].integer, count >= 0
        else { throw CheckpointError("a storage's id is not one that PyTorch writes") }
        guard let element = PyTorchElement(rawValue: type) else { throw CheckpointError("\(type) is not a storage") }
        self.element = element
        self.key = key
        totalCount = count
        self.count = count
        offset = 0
        if parts.count == 6, let view = pickle.sequence(parts[5]) {
            guard view.count == 3, let start = view[1].integer, let length = view[2].integer, start >= 0, length >= 0, start <= count,
                length <= count - start
            else { throw CheckpointError("a view of storage \(key) lies outside it") }
            offset = start
            self.count = length
        }
    }
}

/// The shape and strides of a tensor in a storage.
struct PyTorchView {
    var offset: Int
    var shape: [Int]
    var strides: [Int]

    /// Number of elements; nil unless all of them lie in a storage of `storageCount` elements and are at most as many.
    func count(inStorageOf storageCount: Int) -> Int? {
        // Sixteen dimensions are more than any network's. An empty tensor needs no storage, but its shape's product must not overflow.
        let limit = shape.contains(0) ? 1 << 31 : storageCount
        guard shape.count == strides.count, shape.count <= 16, offset >= 0, offset <= storageCount else { return nil }
        var count = 1
        var last = offset
        for (size, stride) in zip(shape, strides) {
            guard size >= 0, stride >= 0 else { return nil }
            let (product, productOverflows) = count.multipliedReportingOverflow(by: max(size, 1))
            let (reach, reachOverflows) = max(size - 1, 0).multipliedReportingOverflow(by: stride)
            let (sum, sumOverflows) = last.addingReportingOverflow(reach)
            guard !productOverflows, !reachOverflows, !sumOverflows, product <= max(limit, 1) else { return nil }
            count = product
            last = sum
        }
        if shape.contains(0) { return 0 }
        return last < storageCount ? count : nil
    }

    /// The elements in C order. The caller has checked them with `count`.
    /// - Parameter bytes: the storage's, without the elements before it.
    func values(_ bytes: FileBytes, _ element: PyTorchElement) -> [Float] {
        bytes.withUnsafeBytes { raw in
            switch element {
            case .float: gather(raw, UInt32.self) { Float(bitPattern: $0) }
            case .double: gather(raw, UInt64.self) { Float(Double(bitPattern: $0)) }
            case .half: gather(raw, UInt16.self) { Float(Float16(bitPattern: $0)) }
            case .bfloat16: gather(raw, UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
            case .int64: gather(raw, Int64.self) { Float($0) }
            case .int32: gather(raw, Int32.self) { Float($0) }
            case .int16: gather(raw, Int16.self) { Float($0) }
            case .int8: gather(raw, Int8.self) { Float($0) }
            case .uint8: gather(raw, UInt8.self) { Float($0) }
            case .bool: gather(raw, UInt8.self) { $0 == 0 ? 0 : 1 }
            }
        }
    }

    private func gather<Stored: FixedWidthInteger & BitwiseCopyable>(
        _ raw: UnsafeRawBufferPointer, _ type: Stored.Type, _ convert: (Stored) -> Float
    ) -> [Float] {
        var result = [Float]()
        guard !shape.contains(0) else { return result }
        result.reserveCapacity(shape.reduce(1, *))
        // The stride of an axis of one element is never gone, and may be anything.
        let strides = zip(shape, strides).map { size, stride in size > 1 ? stride : 0 }
        let innerSize = shape.last ?? 1
        let innerStride = strides.last ?? 1
        var index = [Int](repeating: 0, count: max(shape.count - 1, 0))
        while true {
            var position = offset + zip(index, strides).reduce(0) { $0 + $1.0 * $1.1 }
            for _ in 0..<innerSize {
                let stored = raw.loadUnaligned(fromByteOffset: position * MemoryLayout<Stored>.size, as: Stored.self)
                result.append(convert(Stored(littleEndian: stored)))
                position += innerStride
            }
            guard let dimension = index.indices.last(where: { index[$0] + 1 < shape[$0] }) else { return result }
            index[dimension] += 1
            for later in dimension + 1..<index.count { index[later] = 0 }
        }
    }
}
