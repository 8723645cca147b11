@testable import SwiftletImport

/// Writes a program in both of Paddle's forms, and its parameters.
struct PaddleModelWriter {
    struct Step {
        var type: String
        /// By slot, in the order of PIR's operands; empty names are left out.
        var inputs: [(slot: String, names: [String])]
        var output: (slot: String, name: String)
        var attributes: [(name: String, value: PaddleAttribute)]
    }

    var input = (name: "x", shape: [-1, 3, 8, 8])
    var steps: [Step] = []
    var parameters: [(name: String, shape: [Int], values: [Float])] = []
    var outputs: [String] = []

    mutating func parameter(_ name: String, _ shape: [Int], _ values: [Float]? = nil) -> String {
        let count = shape.reduce(1, *)
        parameters.append((name, shape, values ?? (0..<count).map { Float($0 % 7) / 4 - 0.5 }))
        return name
    }

    mutating func add(
        _ type: String, _ inputs: [(String, String)], slot: String = "Out", _ attributes: [(String, PaddleAttribute)] = []
    ) -> String {
        let name = "\(type)_\(steps.count).tmp_0"
        steps.append(
            Step(type: type, inputs: inputs.map { ($0.0, [$0.1]) }, output: (slot, name), attributes: attributes.map { ($0.0, $0.1) }))
        return name
    }

    // MARK: Parameters

    /// In the order of their names.
    var parameterFile: [UInt8] {
        parameters.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }.flatMap { Self.tensor($0.shape, $0.values) }
    }

    static func tensor(_ shape: [Int], _ values: [Float], type: UInt64 = 5) -> [UInt8] {
        header(description(shape, type: type)) + values.flatMap { bytes($0.bitPattern) }
    }

    static func header(_ description: [UInt8], levels: UInt64 = 0) -> [UInt8] {
        bytes(UInt32(0)) + bytes(levels) + bytes(UInt32(0)) + bytes(UInt32(description.count)) + description
    }

    static func description(_ shape: [Int], type: UInt64) -> [UInt8] {
        field(1, type) + shape.flatMap { field(2, UInt64(bitPattern: Int64($0))) }
    }

    private static func bytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }

    // MARK: ProgramDesc

    var programDesc: [UInt8] {
        var block = Self.field(1, 0) + Self.field(2, UInt64.max)
        for (name, shape, _) in parameters { block += Self.field(3, Self.variable(name, shape, isPersistable: true)) }
        block += Self.field(3, Self.variable(input.name, input.shape, isPersistable: false))
        block += Self.field(3, Self.field(1, "feed") + Self.field(2, Self.field(1, 9)) + Self.field(3, 1))
        block += Self.field(4, Self.operation("feed", [("X", ["feed"])], [("Out", [input.name])], []))
        for step in steps {
            block += Self.field(4, Self.operation(step.type, step.inputs, [(step.output.slot, [step.output.name])], step.attributes))
        }
        for output in outputs { block += Self.field(4, Self.operation("fetch", [("X", [output])], [("Out", ["fetch"])], [])) }
        return Self.field(1, block) + Self.field(4, Self.field(1, 2_006_002))
    }

    private static func variable(_ name: String, _ shape: [Int], isPersistable: Bool) -> [UInt8] {
        let dense = field(3, field(1, description(shape, type: 5)))
        return field(1, name) + field(2, field(1, 7) + dense) + (isPersistable ? field(3, 1) : [])
    }

    private static func operation(
        _ type: String, _ inputs: [(String, [String])], _ outputs: [(String, [String])], _ attributes: [(String, PaddleAttribute)]
    ) -> [UInt8] {
        func slots(_ number: UInt64, _ slots: [(String, [String])]) -> [UInt8] {
            slots.flatMap { field(number, field(1, $0.0) + $0.1.flatMap { field(2, $0) }) }
        }
        let callStack = field(4, field(1, "op_callstack") + field(2, 5) + field(8, "  File \"/a/b.py\", line 1"))
        return slots(1, inputs) + slots(2, outputs) + field(3, type) + attributes.flatMap { field(4, attribute($0.0, $0.1)) } + callStack
    }

    private static func attribute(_ name: String, _ value: PaddleAttribute) -> [UInt8] {
        let content: [UInt8] =
            switch value {
            case .integer(let value): field(2, 0) + field(3, UInt64(bitPattern: Int64(value)))
            case .float(let value): field(2, 1) + float(4, value)
            case .string(let value): field(2, 2) + field(5, value)
            case .integers(let values): field(2, 3) + values.flatMap { field(6, UInt64(bitPattern: Int64($0))) }
            case .floats(let values): field(2, 4) + values.flatMap { float(7, $0) }
            case .flag(let value): field(2, 6) + field(10, value ? 1 : 0)
            }
        return field(1, name) + content
    }

    private static func varint(_ value: UInt64) -> [UInt8] {
        value < 128 ? [UInt8(value)] : [UInt8(value & 127) | 128] + varint(value >> 7)
    }

    static func field(_ number: UInt64, _ value: UInt64) -> [UInt8] { varint(number << 3) + varint(value) }

    static func field(_ number: UInt64, _ content: [UInt8]) -> [UInt8] { varint(number << 3 | 2) + varint(UInt64(content.count)) + content }

    static func field(_ number: UInt64, _ text: String) -> [UInt8] { field(number, Array(text.utf8)) }

    private static func float(_ number: UInt64, _ value: Float) -> [UInt8] { varint(number << 3 | 5) + bytes(value.bitPattern) }

    // MARK: PIR

    /// What PIR calls some of ProgramDesc's operators.
    private static let names = [
        "hard_swish": "hardswish", "hard_sigmoid": "hardsigmoid", "elementwise_add": "add", "elementwise_mul": "multiply",
        "reshape2": "reshape", "flatten_contiguous_range": "flatten", "matmul_v2": "matmul", "batch_norm": "batch_norm_",
        "fill_constant": "full", "assign_value": "full_int_array",
    ]

    /// Written with single quotes, which become JSON's at the end.
    var pir: [UInt8] {
        var numbers: [String: Int] = [:]
        func number(_ name: String) -> Int {
            numbers[name] = numbers[name] ?? numbers.count + 1
            return numbers[name]!
        }
        func result(_ name: String, _ shape: [Int]) -> String {
            "{'%':\(number(name)),'TT':{'#':'0.t_dtensor','D':[{'#':'0.t_f32'},\(shape),'NCHW',[],0]}}"
        }
        var operators = parameters.map { name, shape, _ in
            "{'#':'p','A':[0,1,1,'\(name)'],'DA':[],'O':\(result(name, shape)),'OA':[1,0,1],'QA':[]}"
        }
        operators.append(
            "{'#':'1.data','A':[{'AT':{'#':'0.a_str','D':'\(input.name)'},'N':'name'}],'I':[],'O':[\(result(input.name, input.shape))]}")
        for step in steps {
            let attributes = step.attributes.map { "{'AT':\(Self.json($0.value)),'N':'\($0.name)'}" }.joined(separator: ",")
            let operands = step.inputs.flatMap(\.names).map { "{'%':\($0.isEmpty ? 0 : number($0))}" }.joined(separator: ",")
            let name = Self.names[step.type] ?? step.type
            operators.append(
                "{'#':'1.\(name)','A':[\(attributes)],'I':[\(operands)],'O':[\(result(step.output.name, [-1, 2, 4, 4]))]}")
        }
        for output in outputs { operators.append("{'#':'1.fetch','A':[],'I':[{'%':\(number(output))}],'O':[{'%':\(number("fetch"))}]}") }
        let text =
            "{'base_code':{'magic':'pir','trainable':true,'version':4},'program':{'regions':[{'#':'region_0','blocks':[{'#':'block_0',"
            + "'args':[],'ops':[\(operators.joined(separator: ","))]}]}]}}"
        return text.utf8.map { $0 == UInt8(ascii: "'") ? UInt8(ascii: "\"") : $0 }
    }

    private static func json(_ value: PaddleAttribute) -> String {
        switch value {
        case .integer(let value): "{'#':'0.a_i32','D':\(value)}"
        case .float(let value): "{'#':'0.a_f32','D':\(value)}"
        case .string(let value): "{'#':'0.a_str','D':'\(value)'}"
        case .flag(let value): "{'#':'0.a_bool','D':\(value)}"
        case .integers(let values): "{'#':'0.a_array','D':[\(values.map { json(.integer($0)) }.joined(separator: ","))]}"
        case .floats(let values): "{'#':'0.a_array','D':[\(values.map { json(.float($0)) }.joined(separator: ","))]}"
        }
    }

    // MARK: Reading back

    func file(_ program: [UInt8], parameters: [UInt8]? = nil, _ more: [String: [UInt8]] = [:]) -> SourceFile {
        let files = more.merging(["m.pdiparams": parameters ?? parameterFile]) { first, _ in first }
        return SourceFile(path: "m.pdmodel", bytes: program, neighbors: MemoryFiles(files: files))
    }
}

extension PaddleModelWriter {
    private static let window: [(String, PaddleAttribute)] = [
        ("strides", .integers([2, 2])), ("paddings", .integers([1, 1])), ("dilations", .integers([1, 1])), ("groups", .integer(1)),
        ("padding_algorithm", .string("EXPLICIT")), ("data_format", .string("NCHW")),
    ]

    /// A convolution with batch normalization, a squeeze-and-excite and a classifier of five classes.
    static let small: PaddleModelWriter = {
        var w = PaddleModelWriter()
        let conv = w.add("conv2d", [("Input", "x"), ("Filter", w.parameter("conv2d_10.w_0", [2, 3, 3, 3]))], slot: "Output", window)
        let normal = w.add(
            "batch_norm",
            [
                ("X", conv), ("Mean", w.parameter("batch_norm_2.w_1", [2])), ("Variance", w.parameter("batch_norm_2.w_2", [2], [1, 2])),
                ("Scale", w.parameter("batch_norm_10.w_0", [2])), ("Bias", w.parameter("batch_norm_2.b_0", [2])),
            ], slot: "Y", [("epsilon", .float(0.1)), ("is_test", .flag(true))])
        let swish = w.add("hard_swish", [("X", normal)])
        let size = w.add("assign_value", [], [("value", .integers([1, 1]))])
        let pool: [(String, PaddleAttribute)] = [
            ("pooling_type", .string("avg")), ("adaptive", .flag(true)), ("ksize", .integers([1, 1])),
        ]
        let squeezed = w.add("pool2d", [("X", swish), ("Ksize", size)], pool)
        let product = w.add(
            "conv2d", [("Input", squeezed), ("Filter", w.parameter("conv2d_2.w_0", [2, 2, 1, 1]))], slot: "Output",
            [("strides", .integers([1, 1])), ("paddings", .integers([0, 0]))])
        let shape = w.add("assign_value", [], [("value", .integers([1, 2, 1, 1]))])
        let bias = w.add("reshape2", [("X", w.parameter("conv2d_2.b_0", [2])), ("Shape", shape)])
        let gate = w.add(
            "hard_sigmoid", [("X", w.add("elementwise_add", [("X", product), ("Y", bias)], [("axis", .integer(-1))]))],
            [("slope", .float(0.2)), ("offset", .float(0.5))])
        let gated = w.add("elementwise_mul", [("X", swish), ("Y", gate)], [("axis", .integer(-1))])
        let vector = w.add("pool2d", [("X", gated), ("Ksize", size)], pool)
        let ratio = w.add("fill_constant", [], [("shape", .integers([1])), ("value", .float(0.2)), ("dtype", .string("float32"))])
        let kept = w.add(
            "dropout", [("X", vector), ("Seed", ""), ("Prob", ratio)],
            [("dropout_implementation", .string("downgrade_in_infer")), ("dropout_prob", .float(0.2))])
        let flat = w.add("flatten_contiguous_range", [("X", kept)], [("start_axis", .integer(1)), ("stop_axis", .integer(-1))])
        let scores = w.add("matmul_v2", [("X", flat), ("Y", w.parameter("linear_0.w_0", [2, 5]))])
        let logits = w.add("elementwise_add", [("X", scores), ("Y", w.parameter("linear_0.b_0", [5]))], [("axis", .integer(-1))])
        w.outputs = [w.add("softmax", [("X", logits)], [("axis", .integer(-1))])]
        return w
    }()

    /// The same layers with their weights as whole numbers: quantize_linear and dequantize_linear around the first one.
    static let quantized: PaddleModelWriter = {
        var w = PaddleModelWriter()
        let scale = w.parameter("x@scale", [1], [2.54])
        let zero = w.parameter("zero", [1], [0])
        let stored = w.parameter("w", [2, 3, 1, 1], [127, -127, 1, 2, 3, 0])
        let weights = w.add(
            "dequantize_linear", [("X", stored), ("Scale", w.parameter("w@scale", [2], [127, 254])), ("ZeroPoint", zero)], slot: "Y",
            [("quant_axis", .integer(0)), ("bit_length", .integer(8))])
        let rounded = w.add(
            "quantize_linear", [("X", "x"), ("Scale", scale), ("ZeroPoint", zero)], slot: "Y", [("quant_axis", .integer(-1))])
        let floats = w.add(
            "dequantize_linear", [("X", rounded), ("Scale", scale), ("ZeroPoint", zero)], slot: "Y", [("quant_axis", .integer(-1))])
        let conv = w.add("conv2d", [("Input", floats), ("Filter", weights)], slot: "Output", [])
        w.outputs = [w.add("pool2d", [("X", conv)], [("pooling_type", .string("avg")), ("global_pooling", .flag(true))])]
        return w
    }()
}
