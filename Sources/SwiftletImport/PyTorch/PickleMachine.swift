/// Reads a Python pickle (protocols 2 to 5; opcodes as in the standard library's pickletools) into a `Pickle` without running anything.
///
/// Names of classes and functions outside `allowed` are refused. Memory is bounded: an opcode makes at most one value, and their number
/// is limited to far more than any state dict needs.
struct PickleMachine {
    private var bytes: FileBytes
    private let allowed: Set<String>
    private var pickle = Pickle()
    private var stack: [PickleValue] = []
    /// Heights of the stack at each MARK.
    private var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]

    /// Reads the pickle that `bytes` starts with and leaves `bytes` behind its end.
    static func read(
        _ bytes: inout FileBytes, allowed: Set<String>, operationLimit: Int = 1 << 18
    ) throws(CheckpointError) -> Pickle {
        var machine = PickleMachine(bytes: bytes, allowed: allowed)
        for _ in 0..<operationLimit {
            if try machine.step() {
                bytes = machine.bytes
                return machine.pickle
            }
        }
        throw CheckpointError("the pickle has more than \(operationLimit) operations")
    }

    private init(bytes: FileBytes, allowed: Set<String>) {
        self.bytes = bytes
        self.allowed = allowed
    }

    /// Runs one opcode; true at the end.
    private mutating func step() throws(CheckpointError) -> Bool {
        let opcode = try need(bytes.byte())
        switch opcode {
        case 0x80:  // PROTO
            let version = try need(bytes.byte())
            guard 2...5 ~= version else { throw CheckpointError("pickle protocol \(version) is not one of 2 to 5") }
        case 0x95: _ = try need(bytes.take(8))  // FRAME: a hint for buffering
        case UInt8(ascii: "."):
            pickle.root = try pop()
            return true
        case UInt8(ascii: "N"): stack.append(.none)
        case 0x88: stack.append(.bool(true))
        case 0x89: stack.append(.bool(false))
        case UInt8(ascii: "K"), UInt8(ascii: "M"), UInt8(ascii: "J"), UInt8(ascii: "G"), 0x8A, 0x8B: stack.append(try number(opcode))
        case UInt8(ascii: "X"): stack.append(try text(UInt32.self))
        case UInt8(ascii: "T"): stack.append(try text(UInt32.self))
        case UInt8(ascii: "U"), 0x8C: stack.append(try text(UInt8.self))
        case 0x8D: stack.append(try text(UInt64.self))
        case UInt8(ascii: "B"): stack.append(.bytes(try counted(UInt32.self)))
        case UInt8(ascii: "C"): stack.append(.bytes(try counted(UInt8.self)))
        case 0x8E, 0x96: stack.append(.bytes(try counted(UInt64.self)))
        case UInt8(ascii: "("): marks.append(stack.count)
        case UInt8(ascii: ")"), UInt8(ascii: "]"), 0x8F: pushSequence([])
        case UInt8(ascii: "t"), UInt8(ascii: "l"), 0x91: pushSequence(try popToMark())
        case 0x85, 0x86, 0x87: pushSequence(try pop(count: Int(opcode) - 0x84))
        case UInt8(ascii: "}"): pushDictionary([])
        case UInt8(ascii: "d"): pushDictionary(try pairs(popToMark()))
        case UInt8(ascii: "a"): try append([pop()])
        case UInt8(ascii: "e"), 0x90: try append(popToMark())
        case UInt8(ascii: "s"): try set(pairs(pop(count: 2)))
        case UInt8(ascii: "u"): try set(pairs(popToMark()))
        case UInt8(ascii: "0"): _ = try pop()
        case UInt8(ascii: "1"): _ = try popToMark()
        case UInt8(ascii: "2"): stack.append(try top())
        case UInt8(ascii: "q"): memo[Int(try need(bytes.byte()))] = try top()
        case UInt8(ascii: "r"): memo[try need(bytes.length(UInt32.self))] = try top()
        case 0x94: memo[memo.count] = try top()
        case UInt8(ascii: "h"): stack.append(try remembered(Int(need(bytes.byte()))))
        case UInt8(ascii: "j"): stack.append(try remembered(need(bytes.length(UInt32.self))))
        case UInt8(ascii: "c"): try pushGlobal(module: need(bytes.line()), name: need(bytes.line()))
        case 0x93:
            let parts = try pop(count: 2)
            guard let module = parts[0].string, let name = parts[1].string else { throw Self.damaged }
            try pushGlobal(module: module, name: name)
        case UInt8(ascii: "Q"):
            pickle.persistentIDs.append(try pop())
            stack.append(.persistent(pickle.persistentIDs.count - 1))
        case UInt8(ascii: "R"), 0x81: try call()
        case UInt8(ascii: "b"): try build()
        default:
            throw CheckpointError("pickle opcode \(opcode) is not one that PyTorch or Paddle writes: the file is damaged or something else")
        }
        return false
    }

    // MARK: Values

    private mutating func number(_ opcode: UInt8) throws(CheckpointError) -> PickleValue {
        switch opcode {
        case UInt8(ascii: "K"): return .integer(Int(try need(bytes.byte())))
        case UInt8(ascii: "M"): return .integer(try need(bytes.length(UInt16.self)))
        case UInt8(ascii: "J"): return .integer(Int(try need(bytes.integer(Int32.self))))
        case UInt8(ascii: "G"): return .float(Double(bitPattern: try need(bytes.integer(UInt64.self)).byteSwapped))
        default: break
        }
        let digits = opcode == 0x8A ? try counted(UInt8.self) : try counted(UInt32.self)
        guard digits.count <= 8 else { return .largeInteger(digits) }
        let (magnitude, count) = digits.withUnsafeBytes { raw in
            (raw.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }, raw.count)
        }
        // Sign extension from the last byte.
        let unused = UInt64(64 - 8 * count)
        return .integer(count == 0 ? 0 : Int(Int64(bitPattern: magnitude << unused) >> Int64(unused)))
    }

    private mutating func counted<Length: FixedWidthInteger & BitwiseCopyable>(_ type: Length.Type) throws(CheckpointError) -> FileBytes {
        try need(bytes.take(need(bytes.length(type))))
    }

    /// A longer text is seldom a name; one that is not ASCII has the elements of an array in protocol 2.
    private static let longestName = 1 << 12

    /// What is not UTF-8, as Python 2 may have written it, is no name of anything here: it stays bytes, which take no memory of their own.
    /// So do the elements of arrays.
    private mutating func text<Length: FixedWidthInteger & BitwiseCopyable>(_ type: Length.Type) throws(CheckpointError) -> PickleValue {
        let bytes = try counted(type)
        let isName = bytes.count <= Self.longestName || bytes.withUnsafeBytes { $0.allSatisfy { $0 < 0x80 } }
        guard isName else { return .bytes(bytes) }
        return bytes.withUnsafeBytes { String(validating: $0, as: UTF8.self) }.map(PickleValue.string) ?? .bytes(bytes)
    }

    private mutating func pushSequence(_ values: [PickleValue]) {
        pickle.sequences.append(values)
        stack.append(.sequence(pickle.sequences.count - 1))
    }

    private mutating func pushDictionary(_ entries: [Pickle.Entry]) {
        pickle.dictionaries.append(entries)
        stack.append(.dictionary(pickle.dictionaries.count - 1))
    }

    private mutating func pushGlobal(module: String, name: String) throws(CheckpointError) {
        let global = module + "." + name
        guard allowed.contains(global) else {
            throw CheckpointError("refused: the pickle names \(global), which tensors do not need; save the state dict, not the model")
        }
        stack.append(.global(global))
    }

    // MARK: Objects

    private mutating func call() throws(CheckpointError) {
        let parts = try pop(count: 2)
        guard case .global(let type) = parts[0], case .sequence = parts[1] else { throw Self.damaged }
        pickle.objects.append(Pickle.Object(type: type, arguments: parts[1]))
        stack.append(.object(pickle.objects.count - 1))
    }

    private mutating func build() throws(CheckpointError) {
        let state = try pop()
        guard case .object(let index) = try top() else { throw Self.damaged }
        pickle.objects[index].state = state
    }

    private mutating func append(_ values: [PickleValue]) throws(CheckpointError) {
        switch try top() {
        case .sequence(let index): pickle.sequences[index] += values
        case .object(let index): pickle.objects[index].elements += values
        default: throw Self.damaged
        }
    }

    private mutating func set(_ entries: [Pickle.Entry]) throws(CheckpointError) {
        switch try top() {
        case .dictionary(let index): pickle.dictionaries[index] += entries
        case .object(let index): pickle.objects[index].entries += entries
        default: throw Self.damaged
        }
    }

    private func pairs(_ values: [PickleValue]) throws(CheckpointError) -> [Pickle.Entry] {
        guard values.count % 2 == 0 else { throw Self.damaged }
        return stride(from: 0, to: values.count, by: 2).map { (values[$0], values[$0 + 1]) }
    }

    // MARK: Stack

    private mutating func pop() throws(CheckpointError) -> PickleValue {
        try pop(count: 1)[0]
    }

    private mutating func pop(count: Int) throws(CheckpointError) -> [PickleValue] {
        guard stack.count - (marks.last ?? 0) >= count else { throw Self.damaged }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    private mutating func popToMark() throws(CheckpointError) -> [PickleValue] {
        guard let mark = marks.popLast() else { throw Self.damaged }
        defer { stack.removeLast(stack.count - mark) }
        return Array(stack[mark...])
    }

    private func top() throws(CheckpointError) -> PickleValue {
        guard stack.count > (marks.last ?? 0) else { throw Self.damaged }
        return stack[stack.count - 1]
    }

    private func remembered(_ index: Int) throws(CheckpointError) -> PickleValue {
        guard let value = memo[index] else { throw Self.damaged }
        return value
    }

    private func need<Value>(_ value: Value?) throws(CheckpointError) -> Value {
        guard let value else { throw CheckpointError("the pickle is truncated") }
        return value
    }

    private static let damaged = CheckpointError("the pickle is damaged: an operation does not find what it works on")
}
