/// Reads programs in Paddle's newer form, `inference.json` of PIR (versions 1 to 4 are seen): a list of operators whose operands are
/// numbered, parameters among them. Keys: "#" kind, "A" attributes, "I" operands, "O" results, "N" name, "AT" value, "D" content,
/// "TT" type.
struct PIRReader {
    private var program = PaddleProgram()
    private var limits = PaddleLimits()
    /// The program's values by their numbers in the file.
    private var values: [Int: Int] = [:]
    /// Results that are lists, by their number in the file, with what is in them.
    private var lists: [Int: [Int]] = [:]
    /// Operators whose only result is a list that is taken apart later, by its number in the file.
    private var listProducers: [Int: Int] = [:]

    /// An object whose first key is base_code.
    static func recognizes(_ file: SourceFile) -> Bool {
        let text = file.bytes.lazy.filter { $0 > 0x20 }
        return text.prefix(12).elementsEqual("{\"base_code\"".utf8)
    }

    static func program(_ bytes: [UInt8]) throws(PaddleError) -> PaddleProgram {
        var reader = PIRReader()
        try reader.read(JSONTape(bytes).root)
        return reader.program
    }

    private mutating func read(_ root: JSONValue) throws(PaddleError) {
        guard let base = root["base_code"], base["magic"]?.string == "pir" else { throw PaddleError("it is no program of Paddle's PIR") }
        program.form = "PIR version \(base["version"]?.integer ?? 0)"
        let regions = root["program"]?["regions"]?.elements ?? []
        let blocks = regions.flatMap { $0["blocks"]?.elements ?? [] }
        guard regions.count == 1, blocks.count == 1, let operators = blocks[0]["ops"] else {
            throw PaddleError("it has \(blocks.count) blocks instead of one: control flow is not supported")
        }
        for element in operators.elements {
            try limits.addOperator()
            try add(element)
        }
    }

    private mutating func add(_ element: JSONValue) throws(PaddleError) {
        guard let kind = element["#"]?.string else { throw PaddleError("an operator has no kind") }
        guard kind != "p" else { return try addParameter(element) }
        let type = PIRVocabulary.Kind(kind)
        var step = PaddleOperator(type: type.name, name: type.name)
        for attribute in element["A"]?.elements ?? [] { try add(attribute, to: &step) }
        let operands = try operands(of: element)
        let results = try numbers(of: element["O"])
        switch kind {
        case "0.combine":
            for result in results { lists[result.number] = operands.flatMap(\.self) }
            return
        case "0.split":
            return try takeApart(element, results)
        default: break
        }
        let slots = type.slots
        for (position, values) in operands.enumerated() {
            step.inputs.append(.init(name: position < slots.count ? slots[position] : "\(position)", values: values))
        }
        if results.count == 1, results[0].isList {
            listProducers[results[0].number] = program.operators.count
        } else {
            step.outputs = [.init(name: "Out", values: try results.map { result throws(PaddleError) in try define(result, step.name) })]
        }
        switch step.type {
        case "feed": program.inputs += step.outputs("Out").map { .init(value: $0, name: step.string("name", default: "x")) }
        case "fetch": program.outputs += step.inputs("X")
        default: program.operators.append(step)
        }
    }

    /// A is [?, ?, ?, name], O one result.
    private mutating func addParameter(_ element: JSONValue) throws(PaddleError) {
        let attributes = element["A"]?.elements ?? []
        guard attributes.count >= 4, let name = attributes[3].string, let result = try numbers(of: element["O"]).first else {
            throw PaddleError("a parameter has no name")
        }
        program.parameters.append(.init(value: try define(result, name), name: name))
    }

    // MARK: Operands and results

    private struct Result {
        var number: Int
        var shape: [Int]?
        var isList: Bool
    }

    /// One result, or a list of them; a type's "D" is [element type, extents, layout, …].
    private mutating func numbers(of results: JSONValue?) throws(PaddleError) -> [Result] {
        guard let results else { return [] }
        var found: [Result] = []
        for result in results.isArray ? results.elements : [results] {
            guard let number = result["%"]?.integer else { throw PaddleError("a result has no number") }
            try limits.addParts()
            let type = result["TT"]
            let content = type?["D"]?.elements ?? []
            var shape: [Int]?
            if type?["#"]?.string == "0.t_dtensor", content.count >= 2 {
                shape = content[1].elements.compactMap(\.integer)
                try limits.addParts(shape?.count ?? 0)
            }
            found.append(Result(number: number, shape: shape, isList: type?["#"]?.string == "0.t_vec"))
        }
        return found
    }

    /// The values of each operand; none for one that is left out, whose number is 0.
    private mutating func operands(of element: JSONValue) throws(PaddleError) -> [[Int]] {
        var operands: [[Int]] = []
        for operand in element["I"]?.elements ?? [] {
            guard let number = operand["%"]?.integer else { throw PaddleError("an operand has no number") }
            try limits.addParts()
            if let list = lists[number] {
                try limits.addParts(list.count)
                operands.append(list)
            } else if let value = values[number] {
                operands.append([value])
            } else if number == 0 || listProducers[number] != nil {
                operands.append([])
            } else {
                throw PaddleError("an operator reads value \(number), which nothing before it computes")
            }
        }
        return operands
    }

    private mutating func define(_ result: Result, _ name: String) throws(PaddleError) -> Int {
        try limits.check(values: program.values.count + 1)
        let value = program.addValue(name, shape: result.shape)
        guard values.updateValue(value, forKey: result.number) == nil else {
            throw PaddleError("value \(result.number) is computed twice")
        }
        return value
    }

    /// The parts of an operator's list become its results.
    private mutating func takeApart(_ element: JSONValue, _ results: [Result]) throws(PaddleError) {
        guard let list = element["I"]?.elements.first?["%"]?.integer, let producer = listProducers[list] else {
            throw PaddleError("a list is taken apart that no operator has made")
        }
        let name = program.operators[producer].name
        let parts = try results.map { result throws(PaddleError) in try define(result, name) }
        program.operators[producer].outputs = [.init(name: "Out", values: parts)]
    }

    // MARK: Attributes

    private mutating func add(_ attribute: JSONValue, to step: inout PaddleOperator) throws(PaddleError) {
        guard let name = attribute["N"]?.string, let value = attribute["AT"], let kind = value["#"]?.string, let content = value["D"] else {
            return
        }
        try limits.addParts()
        // Where the layer stands in the Python program: its best name.
        if name == "struct_name" {
            let path = content.string?.split(separator: "/").joined(separator: "/") ?? ""
            if !path.isEmpty { step.name = path }
            return
        }
        let elements = content.elements
        try limits.addParts(elements.count)
        let translated: PaddleAttribute? =
            switch kind {
            case "0.a_str", "1.a_dtype": content.string.map(PaddleAttribute.string)
            case "0.a_bool": content.flag.map(PaddleAttribute.flag)
            case "0.a_i32", "0.a_i64": content.integer.map(PaddleAttribute.integer)
            case "0.a_f32", "0.a_f64": content.float.map(PaddleAttribute.float)
            case "1.a_intarray": .integers(elements.compactMap(\.integer))
            case "0.a_array": Self.list(elements.compactMap { $0["D"] })
            default: nil
            }
        if let translated { step.attributes.append((name, translated)) }
    }

    /// Numbers of one kind.
    private static func list(_ elements: [JSONValue]) -> PaddleAttribute? {
        let integers = elements.compactMap(\.integer)
        if integers.count == elements.count { return .integers(integers) }
        let floats = elements.compactMap(\.float)
        return floats.count == elements.count ? .floats(floats) : nil
    }
}
