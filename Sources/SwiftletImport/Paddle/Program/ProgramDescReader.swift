/// Reads `.pdmodel` files: ProgramDesc, the protocol buffer of Paddle's framework.proto. Field numbers stand at the reads.
struct ProgramDescReader {
    /// A message of program, block, variable or operator.
    private typealias Message = FileBytes

    private struct Variable {
        var name = ""
        /// 7: a dense tensor. Also feed (9) and fetch (10) are persistable.
        var kind = 0
        var shape: [Int]?
        var isPersistable = false
        var isParameter: Bool { isPersistable && kind == 7 }
    }

    private var program = PaddleProgram()
    private var limits = PaddleLimits()
    private var declared: [String: [Int]] = [:]
    /// What a name stands for at this point of the program.
    private var current: [String: Int] = [:]
    private var parameters: Set<String> = []

    /// Its first block: field 1, whose index (field 1) is 0 and whose parent (field 2) is -1.
    static func recognizes(_ file: SourceFile) -> Bool {
        var bytes = FileBytes(file.bytes)
        guard bytes.byte() == 0x0A, bytes.varint() != nil else { return false }
        return bytes.starts(with: [0x08, 0x00, 0x10])
    }

    static func program(_ bytes: [UInt8]) throws(PaddleError) -> PaddleProgram {
        var reader = ProgramDescReader()
        try reader.read(FileBytes(bytes))
        return reader.program
    }

    private mutating func read(_ file: Message) throws(PaddleError) {
        var fields = PaddleWire(file)
        var block: Message?
        program.form = "ProgramDesc"
        while let (number, content) = try fields.next() {
            switch number {
            case 1:
                guard block == nil else { throw PaddleError("it has more than one block: control flow is not supported") }
                block = content.message
            case 4:
                guard let version = content.message, let text = try Self.version(version) else { continue }
                program.form = "ProgramDesc \(text)"
            default: continue
            }
        }
        guard let block else { throw PaddleError("it has no block of operators") }
        try readVariables(block)
        try readOperators(block)
    }

    /// 2006002 for 2.6.2.
    private static func version(_ message: Message) throws(PaddleError) -> String? {
        var fields = PaddleWire(message)
        var version = 0
        while let (number, content) = try fields.next() {
            if number == 1 { version = content.integer ?? 0 }
        }
        guard (1...999_999_999).contains(version) else { return nil }
        return "\(version / 1_000_000).\(version / 1000 % 1000).\(version % 1000)"
    }

    // MARK: Variables

    private mutating func readVariables(_ block: Message) throws(PaddleError) {
        var variables = 0
        var fields = PaddleWire(block)
        while let (number, content) = try fields.next() {
            guard number == 3, let message = content.message else { continue }
            let variable = try variable(message)
            variables += 1
            try limits.check(values: variables)
            if let shape = variable.shape, declared.updateValue(shape, forKey: variable.name) != nil {
                throw PaddleError("it declares the variable '\(variable.name)' twice")
            }
            guard variable.isParameter else { continue }
            let value = program.addValue(variable.name, shape: variable.shape)
            guard current.updateValue(value, forKey: variable.name) == nil else {
                throw PaddleError("it declares the variable '\(variable.name)' twice")
            }
            parameters.insert(variable.name)
            program.parameters.append(.init(value: value, name: variable.name))
        }
    }

    /// name 1, type 2 (kind 1, dense tensor 3 with its description 1), persistable 3.
    private mutating func variable(_ message: Message) throws(PaddleError) -> Variable {
        var variable = Variable()
        var fields = PaddleWire(message)
        while let (number, content) = try fields.next() {
            switch number {
            case 1: variable.name = content.text ?? ""
            case 2:
                var type = PaddleWire(try Self.message(content))
                while let (number, content) = try type.next() {
                    if number == 1 { variable.kind = content.integer ?? 0 }
                    if number == 3 { variable.shape = try shape(Self.message(content)) }
                }
            case 3: variable.isPersistable = content.integer ?? 0 != 0
            default: continue
            }
        }
        return variable
    }

    private mutating func shape(_ dense: Message) throws(PaddleError) -> [Int]? {
        var fields = PaddleWire(dense)
        var shape: [Int]?
        while let (number, content) = try fields.next() {
            if number == 1 { shape = try PaddleTensorDescription(Self.message(content), &limits).shape }
        }
        return shape
    }

    private static func message(_ content: PaddleWire.Content) throws(PaddleError) -> Message {
        guard let message = content.message else { throw PaddleWire.damaged }
        return message
    }

    // MARK: Operators

    private mutating func readOperators(_ block: Message) throws(PaddleError) {
        var fields = PaddleWire(block)
        while let (number, content) = try fields.next() {
            guard number == 4 else { continue }
            try limits.addOperator()
            try readOperator(Self.message(content))
        }
    }

    /// inputs 1, outputs 2, type 3, attributes 4.
    private mutating func readOperator(_ message: Message) throws(PaddleError) {
        var step = PaddleOperator(type: "", name: "")
        var outputs: [(slot: String, names: [String])] = []
        var fields = PaddleWire(message)
        while let (number, content) = try fields.next() {
            switch number {
            case 1:
                let (slot, names) = try slot(Self.message(content))
                let values = try names.map { name throws(PaddleError) in try value(named: name) }
                step.inputs.append(.init(name: slot, values: values))
            case 2: outputs.append(try slot(Self.message(content)))
            case 3: step.type = content.text ?? ""
            case 4:
                if let attribute = try attribute(Self.message(content)) { step.attributes.append(attribute) }
            default: continue
            }
        }
        step.name = outputs.first { ["Out", "Output", "Y"].contains($0.slot) }?.names.first ?? step.type
        for (slot, names) in outputs {
            let values = try names.map { name throws(PaddleError) in try define(name) }
            step.outputs.append(.init(name: slot, values: values))
        }
        switch step.type {
        case "feed": program.inputs += step.outputs("Out").map { .init(value: $0, name: program.values[$0].name) }
        case "fetch": program.outputs += step.inputs("X")
        default: program.operators.append(step)
        }
    }

    /// parameter 1, arguments 2.
    private mutating func slot(_ message: Message) throws(PaddleError) -> (slot: String, names: [String]) {
        var slot = ""
        var names: [String] = []
        var fields = PaddleWire(message)
        try limits.addParts()
        while let (number, content) = try fields.next() {
            if number == 1 { slot = content.text ?? "" }
            guard number == 2 else { continue }
            try limits.addParts()
            names.append(content.text ?? "")
        }
        return (slot, names)
    }

    private mutating func value(named name: String) throws(PaddleError) -> Int {
        if let value = current[name] { return value }
        return try newValue(name)
    }

    /// A value for what an operator writes. Parameters stay what they are: batch normalization names its statistics as outputs, too.
    private mutating func define(_ name: String) throws(PaddleError) -> Int {
        if parameters.contains(name), let value = current[name] { return value }
        return try newValue(name)
    }

    private mutating func newValue(_ name: String) throws(PaddleError) -> Int {
        try limits.check(values: program.values.count + 1)
        let value = program.addValue(name, shape: declared[name])
        current[name] = value
        return value
    }

    // MARK: Attributes

    /// Where exporters leave notes: Python's call stack is nearly half of a file.
    private static let ignored: Set<String> = ["op_callstack", "op_role", "op_role_var", "op_namescope", "op_device", "with_quant_attr"]

    /// name 1, type 2, then the value: i 3, f 4, s 5, ints 6, floats 7, b 10, l 13, longs 15, float64 19. An empty list has no field.
    private mutating func attribute(_ message: Message) throws(PaddleError) -> (name: String, value: PaddleAttribute)? {
        var (name, type) = ("", 0)
        var value: PaddleAttribute?
        var integers: [Int] = []
        var floats: [Float] = []
        var fields = PaddleWire(message)
        while let (number, content) = try fields.next() {
            switch number {
            case 1:
                name = content.text ?? ""
                if Self.ignored.contains(name) { return nil }
            case 2: type = content.integer ?? 0
            case 3, 13: value = content.integer.map(PaddleAttribute.integer)
            case 4, 19: value = content.float.map(PaddleAttribute.float)
            case 5: value = content.text.map(PaddleAttribute.string)
            case 6, 15: integers += try content.integers(&limits)
            case 7: floats += try content.floats(&limits)
            case 10: value = content.integer.map { .flag($0 != 0) }
            default: continue
            }
        }
        try limits.addParts()
        if let value { return (name, value) }
        if !floats.isEmpty || type == 4 { return (name, .floats(floats)) }
        if !integers.isEmpty || type == 3 || type == 11 { return (name, .integers(integers)) }
        return nil
    }
}
