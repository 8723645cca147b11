import SwiftletGraph

@testable import SwiftletImport

/// Writes small TensorFlow Lite models. Maps are [1, height, width, channels].
struct TFLiteModelWriter {
    typealias Value = FlatBufferWriter.Value

    /// Numbers of the schema's BuiltinOperator.
    enum Code: Int {
        case add = 0
        case averagePool, concatenation, conv, depthwiseConv
        case dequantize = 6
        case fullyConnected = 9
        case logistic = 14
        case maxPool = 17
        case mul, relu, reluN1To1, relu6, reshape
        case softmax = 25
        case tanh = 28
        case custom = 32
        case pad = 34
        case gather = 36
        case transpose = 39
        case mean, sub, div, squeeze
        case stridedSlice = 45
        case topK = 48
        case split, logSoftmax
        case cast = 53
        case prelu, maximum, argMax, minimum
        case padV2 = 60
        case slice = 65
        case transposeConv = 67
        case expandDims = 70
        case shape = 77
        case pack = 83
        case leakyRelu = 98
        case quantize = 114
        case hardSwish = 117
        case gelu = 150
    }

    /// Numbers of the schema's TensorType.
    enum Element: Int {
        case float32 = 0
        case float16, int32, uint8, int64
        case int8 = 9

        func bytes(_ numbers: [Float]) -> [UInt8] {
            switch self {
            case .float32: numbers.flatMap { FlatBufferWriter.little($0.bitPattern) }
            case .float16: numbers.flatMap { FlatBufferWriter.little(Float16($0).bitPattern) }
            case .int32: numbers.flatMap { FlatBufferWriter.little(Int32($0)) }
            case .int64: numbers.flatMap { FlatBufferWriter.little(Int64($0)) }
            case .uint8: numbers.map { UInt8($0) }
            case .int8: numbers.map { UInt8(bitPattern: Int8($0)) }
            }
        }
    }

    struct Grid {
        var scales: [Float]
        var zeroPoints: [Int]
        var axis = 0

        init(_ scales: [Float], _ zeroPoints: [Int], axis: Int = 0) {
            (self.scales, self.zeroPoints, self.axis) = (scales, zeroPoints, axis)
        }
    }

    static let input = 0

    private var tensors: [FlatBufferWriter.Table] = []
    private var buffers: [FlatBufferWriter.Table] = [[:]]
    private var codes: [FlatBufferWriter.Table] = []
    private var operators: [FlatBufferWriter.Table] = []
    var inputs = [TFLiteModelWriter.input]
    var version = 3
    var metadata: [FlatBufferWriter.Table] = []

    init(input shape: [Int], signature: [Int] = [], _ element: Element = .float32, _ grid: Grid? = nil) {
        _ = tensor(shape, element, grid, name: "x", signature: signature)
    }

    /// Adds a value that is computed.
    mutating func tensor(
        _ shape: [Int], _ element: Element = .float32, _ grid: Grid? = nil, name: String? = nil, buffer: Int = 0, signature: [Int] = []
    ) -> Int {
        var table: FlatBufferWriter.Table = [
            0: FlatBufferWriter.integers(shape, Int32.self), 1: .int8(element.rawValue), 2: .int32(buffer),
            3: FlatBufferWriter.text(name ?? "t\(tensors.count);also"),
        ]
        if let grid {
            table[4] = .table([
                2: FlatBufferWriter.floats(grid.scales), 3: FlatBufferWriter.integers(grid.zeroPoints, Int64.self), 6: .int32(grid.axis),
            ])
        }
        if !signature.isEmpty { table[7] = FlatBufferWriter.integers(signature, Int32.self) }
        tensors.append(table)
        return tensors.count - 1
    }

    mutating func buffer(_ bytes: [UInt8]) -> Int {
        buffers.append([0: .vector(bytes, of: 1)])
        return buffers.count - 1
    }

    mutating func constant(_ numbers: [Float], _ shape: [Int]? = nil, _ element: Element = .float32, _ grid: Grid? = nil) -> Int {
        tensor(shape ?? [numbers.count], element, grid, buffer: buffer(element.bytes(numbers)))
    }

    mutating func integers(_ numbers: [Int], _ shape: [Int]? = nil) -> Int { constant(numbers.map { Float($0) }, shape, .int32) }

    /// Adds an operator of one result, and returns that.
    mutating func node(
        _ code: Code, _ inputs: [Int], _ shape: [Int], _ options: FlatBufferWriter.Table = [:], _ element: Element = .float32,
        _ grid: Grid? = nil
    ) -> Int {
        let output = tensor(shape, element, grid)
        add(code, inputs, [output], options)
        return output
    }

    mutating func add(_ code: Code, _ inputs: [Int], _ outputs: [Int], _ options: FlatBufferWriter.Table = [:]) {
        // Both fields, as files have them since there are more than 127 operators.
        var table: FlatBufferWriter.Table = [0: .int8(min(code.rawValue, 127)), 3: .int32(code.rawValue)]
        if code == .custom { table[1] = FlatBufferWriter.text("Mine") }
        codes.append(table)
        operators.append([
            0: .int32(codes.count - 1), 1: FlatBufferWriter.integers(inputs, Int32.self), 2: FlatBufferWriter.integers(outputs, Int32.self),
            4: .table(options),
        ])
    }

    // MARK: Reading back, mutating so that arguments which add to the model come first

    mutating func bytes(_ outputs: Int...) -> [UInt8] {
        let graph: FlatBufferWriter.Table = [
            0: .tables(tensors), 1: FlatBufferWriter.integers(inputs, Int32.self), 2: FlatBufferWriter.integers(outputs, Int32.self),
            3: .tables(operators), 4: FlatBufferWriter.text("main"),
        ]
        return FlatBufferWriter.file(
            [0: .int32(version), 1: .tables(codes), 2: .tables([graph]), 4: .tables(buffers), 6: .tables(metadata)], identifier: "TFL3")
    }

    mutating func network(_ output: Int, inputSize: (height: Int, width: Int)? = nil) throws -> Network {
        try TFLiteImporter.load(bytes: bytes(output), file: "test.tflite", inputSize: inputSize).graph.network()
    }

    /// What the fused network makes of one picture, [height][width][channels].
    mutating func result(_ output: Int, _ input: [Float]) throws -> [Float] { ReferenceExecutor(try network(output)).run(input) }
}
