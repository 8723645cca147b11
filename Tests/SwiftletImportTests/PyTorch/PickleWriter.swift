/// Writes the pickles that checkpoints of the tests need, in protocol 2, as `torch.save` does, memo apart.
struct PickleWriter {
    indirect enum Value: Sendable {
        case none
        case bool(Bool)
        case int(Int)
        case string(String)
        case tuple([Value])
        case list([Value])
        case dict([(Value, Value)])
        case global(String, String)
        /// A call of `global` with the arguments.
        case call(Value, [Value])
        case persistent(Value)
        /// Opcodes as they are.
        case raw([UInt8])

        static let orderedDict = Value.global("collections", "OrderedDict")
    }

    private(set) var bytes: [UInt8] = [0x80, 2]

    static func pickle(_ value: Value) -> [UInt8] {
        var writer = PickleWriter()
        writer.write(value)
        return writer.bytes + [UInt8(ascii: ".")]
    }

    private mutating func write(_ value: Value) {
        switch value {
        case .none: op("N")
        case .bool(let flag): bytes.append(flag ? 0x88 : 0x89)
        case .int(let number): writeInteger(number)
        case .string(let text):
            op("X")
            append(UInt32(text.utf8.count))
            bytes += Array(text.utf8)
        case .tuple(let values):
            op("(")
            for value in values { write(value) }
            op("t")
        case .list(let values):
            op("]")
            op("(")
            for value in values { write(value) }
            op("e")
        case .dict(let entries):
            op("}")
            op("(")
            for (key, value) in entries {
                write(key)
                write(value)
            }
            op("u")
        case .global(let module, let name):
            op("c")
            bytes += Array("\(module)\n\(name)\n".utf8)
        case .call(let function, let arguments):
            write(function)
            write(.tuple(arguments))
            op("R")
        case .persistent(let id):
            write(id)
            op("Q")
        case .raw(let opcodes):
            bytes += opcodes
        }
    }

    private mutating func writeInteger(_ number: Int) {
        if let small = Int32(exactly: number) {
            op("J")
            append(small)
        } else {
            bytes += [0x8A, 8]
            append(Int64(number))
        }
    }

    private mutating func op(_ character: Unicode.Scalar) {
        bytes.append(UInt8(ascii: character))
    }

    private mutating func append<Number: FixedWidthInteger>(_ number: Number) {
        withUnsafeBytes(of: number.littleEndian) { bytes += Array($0) }
    }
}
