import SwiftletGraph

/// What a file says of one value.
struct TFLiteTensor {
    /// Names may be shared, and are only for messages.
    static let longestName = 256

    /// As the file has it; converters join the names of all that they fused by ";".
    let name: String
    let shape: [Int]
    /// The same with -1 for what is left open.
    let statedShape: [Int]
    let element: TFLiteElement?
    /// The number of the element type, for messages.
    let elementNumber: Int
    let buffer: Int
    let isSparse: Bool
    private let quantization: FlatTable?

    init(_ table: FlatTable) throws(TFLiteProblem) {
        let name = try table.text(3, atMost: Self.longestName)
        self.name = String(name.prefix { $0 != ";" })
        shape = try table.integers(0, Int32.self, atMost: Shape.rankLimit)
        elementNumber = try table.integer(1, Int8.self)
        element = TFLiteElement(rawValue: elementNumber)
        buffer = try table.integer(2, UInt32.self)
        quantization = try table.table(4)
        isSparse = try table.has(6)
        let signature = try table.integers(7, Int32.self, atMost: Shape.rankLimit)
        statedShape = signature.count == shape.count ? signature : shape
    }

    /// The grid that its integers lie on; nil for floats, and for integers that are themselves.
    func grid() throws(TFLiteProblem) -> PublishedGrid? {
        guard let quantization, let range = element?.range else { return nil }
        let count = try quantization.vector(2, of: 4).count / 4
        guard count > 0 else { return nil }
        guard try quantization.integer(4, UInt8.self) == 0 else { throw .unsupported("'\(name)' is quantized in blocks") }
        let axis = try quantization.integer(6, Int32.self)
        guard count == 1 || shape.indices.contains(axis) && shape[axis] == count else {
            throw .malformed("'\(name)' of the shape \(shape) has \(count) scales along axis \(axis)")
        }
        let scales = try quantization.floats(2, atMost: count)
        var zeroPoints = try quantization.integers(3, Int64.self, atMost: count)
        if zeroPoints.count <= 1 { zeroPoints = [Int](repeating: zeroPoints.first ?? 0, count: count) }
        guard zeroPoints.count == count, scales.allSatisfy({ $0.isFinite && $0 >= 0 }), zeroPoints.allSatisfy(range.contains) else {
            throw .malformed("'\(name)' has scales or zero points that cannot be")
        }
        return PublishedGrid(
            scales: scales, zeroPoints: zeroPoints, axis: axis, lowest: range.lowerBound, highest: range.upperBound)
    }
}

/// The element types that can be read, by their numbers in the schema.
enum TFLiteElement: Int {
    case float32 = 0
    case float16, int32, uint8, int64
    case bool = 6
    case int16 = 7
    case int8 = 9
    case float64
    case bfloat16 = 18

    /// Bytes of one.
    var size: Int {
        switch self {
        case .uint8, .bool, .int8: 1
        case .float16, .int16, .bfloat16: 2
        case .float32, .int32: 4
        case .int64, .float64: 8
        }
    }

    var isFloat: Bool {
        switch self {
        case .float32, .float16, .float64, .bfloat16: true
        default: false
        }
    }

    /// Of integers that may stand for floats.
    var range: ClosedRange<Int>? {
        switch self {
        case .uint8: 0...255
        case .int8: -128...127
        case .int16: -32768...32767
        case .int32: Int(Int32.min)...Int(Int32.max)
        case .int64: Int.min...Int.max
        default: nil
        }
    }

    /// Whether activations of models that are quantized have it.
    var isActivation: Bool { self == .uint8 || self == .int8 || self == .int16 }
}
