/// A program of Paddle's, whichever of its forms it was stored in, in the operator names and slots of ProgramDesc. Every value is computed
/// once: a name that is written again stands for another value from then on.
struct PaddleProgram {
    /// A tensor that the program computes, takes or has as a parameter.
    struct Value {
        var name: String
        /// The extents that the program declares, -1 where they are open; nil where it declares none.
        var shape: [Int]?
    }

    /// A tensor that is handed in.
    struct Input {
        var value: Int
        var name: String
    }

    /// A tensor that is stored beside the program.
    struct Parameter {
        var value: Int
        var name: String
    }

    /// "ProgramDesc" or "PIR", with its version.
    var form = ""
    var values: [Value] = []
    var operators: [PaddleOperator] = []
    var inputs: [Input] = []
    /// The values that are handed out, in the program's order.
    var outputs: [Int] = []
    /// In no particular order.
    var parameters: [Parameter] = []

    mutating func addValue(_ name: String, shape: [Int]? = nil) -> Int {
        values.append(Value(name: name, shape: shape))
        return values.count - 1
    }
}

/// One step of a program.
struct PaddleOperator {
    struct Slot {
        var name: String
        var values: [Int]
    }

    /// As ProgramDesc calls it.
    var type: String
    /// For layers' names; not unique.
    var name: String
    var inputs: [Slot] = []
    var outputs: [Slot] = []
    var attributes: [(name: String, value: PaddleAttribute)] = []

    /// The values in the first of the slots that is there and not empty.
    func inputs(_ names: String...) -> [Int] {
        inputs.first { names.contains($0.name) && !$0.values.isEmpty }?.values ?? []
    }

    /// The first value of a slot; nil for one that is left out.
    func input(_ name: String) -> Int? { inputs(name).first }

    func outputs(_ name: String) -> [Int] {
        outputs.first { $0.name == name }?.values ?? []
    }
}

enum PaddleAttribute {
    case integer(Int)
    case float(Float)
    case string(String)
    case flag(Bool)
    case integers([Int])
    case floats([Float])
}

extension PaddleOperator {
    private func attribute(_ names: [String]) -> PaddleAttribute? {
        attributes.first { names.contains($0.name) }?.value
    }

    func integer(_ names: String..., default fallback: Int) -> Int {
        switch attribute(names) {
        case .integer(let value): value
        case .flag(let value): value ? 1 : 0
        default: fallback
        }
    }

    func float(_ names: String..., default fallback: Float) -> Float {
        switch attribute(names) {
        case .float(let value): value
        case .integer(let value): Float(value)
        default: fallback
        }
    }

    func string(_ names: String..., default fallback: String) -> String {
        if case .string(let value) = attribute(names) { value } else { fallback }
    }

    func flag(_ names: String..., default fallback: Bool) -> Bool {
        switch attribute(names) {
        case .flag(let value): value
        case .integer(let value): value != 0
        default: fallback
        }
    }

    /// A list, or a number as a list of one; nil where there is neither.
    func integers(_ names: String...) -> [Int]? {
        switch attribute(names) {
        case .integers(let values): values
        case .integer(let value): [value]
        default: nil
        }
    }

    func floats(_ names: String...) -> [Float]? {
        switch attribute(names) {
        case .floats(let values): values
        case .integers(let values): values.map(Float.init)
        case .float(let value): [value]
        default: nil
        }
    }
}

/// What a program may take of memory, whatever its bytes claim. The largest classifiers have some thousand operators.
struct PaddleLimits {
    private static let mostOperators = 1 << 15
    private static let mostValues = 1 << 18
    /// Numbers and names in all, attributes included.
    private static let mostParts = 1 << 20

    private var operators = 0
    private var parts = 0

    mutating func addOperator() throws(PaddleError) {
        operators += 1
        guard operators <= Self.mostOperators else { throw PaddleError("it has more than \(Self.mostOperators) operators") }
    }

    mutating func addParts(_ count: Int = 1) throws(PaddleError) {
        parts += count
        guard parts <= Self.mostParts else { throw PaddleError("its operators have more names and numbers than a network's") }
    }

    func check(values: Int) throws(PaddleError) {
        guard values <= Self.mostValues else { throw PaddleError("it declares more than \(Self.mostValues) variables") }
    }
}
