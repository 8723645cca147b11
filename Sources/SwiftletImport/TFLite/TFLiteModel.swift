/// The parts of a TensorFlow Lite file (schema.fbs, version 3): operators, tensors and buffers. Field numbers are the published schema's.
struct TFLiteModel {
    /// More operators than this, or inputs and outputs of all of them, are a mistake, or meant to take time: tables may be shared.
    private static let mostOperators = 1 << 15
    private static let mostReferences = 1 << 18
    private static let mostCodes = 1 << 12

    static let identifier = "TFL3"

    let name: String
    let operators: [TFLiteOperator]
    /// Tensors, by number.
    let inputs: [Int]
    let outputs: [Int]
    private let file: FileBytes
    private let tensors: FlatTables
    private let buffers: FlatTables
    private let metadata: FlatTables

    init(_ file: FileBytes) throws(TFLiteProblem) {
        self.file = file
        let model = try FlatBuffer(file).root()
        let version = try model.integer(0, UInt32.self)
        guard version == 3 else { throw .unsupported("version \(version) of the schema; 3 can be read") }
        let kinds = try Self.kinds(model.tables(1))
        let graphs = try model.tables(2)
        guard graphs.count > 0 else { throw .malformed("it has no graph") }
        let graph = try graphs.table(0)
        buffers = try model.tables(4)
        metadata = try model.tables(6)
        tensors = try graph.tables(0)
        inputs = try graph.integers(1, Int32.self, atMost: Self.mostReferences)
        outputs = try graph.integers(2, Int32.self, atMost: Self.mostReferences)
        name = try graph.text(4, atMost: TFLiteTensor.longestName)
        operators = try Self.operators(graph.tables(3), kinds)
    }

    /// The operators' names, by the number that operators have them by.
    private static func kinds(_ codes: FlatTables) throws(TFLiteProblem) -> [String] {
        guard codes.count <= mostCodes else { throw .malformed("it has \(codes.count) kinds of operators") }
        var kinds: [String] = []
        for index in 0..<codes.count {
            let code = try codes.table(index)
            // Numbers of a byte came first, and are still written where they do.
            let number = max(try code.integer(0, Int8.self), try code.integer(3, Int32.self))
            let custom = try code.text(1, atMost: TFLiteTensor.longestName)
            kinds.append(custom.isEmpty ? TFLiteOperator.name(of: number) : "\(TFLiteOperator.custom) \(custom)")
        }
        return kinds
    }

    private static func operators(_ tables: FlatTables, _ kinds: [String]) throws(TFLiteProblem) -> [TFLiteOperator] {
        guard tables.count <= mostOperators else { throw .malformed("it has \(tables.count) operators; \(mostOperators) are the most") }
        var references = mostReferences
        var operators: [TFLiteOperator] = []
        for index in 0..<tables.count {
            let table = try tables.table(index)
            let kind = try table.integer(0, UInt32.self)
            guard kinds.indices.contains(kind) else { throw .malformed("operator \(index) is of a kind that the file does not list") }
            let inputs = try table.integers(1, Int32.self, atMost: references)
            references -= inputs.count
            let outputs = try table.integers(2, Int32.self, atMost: references)
            references -= outputs.count
            operators.append(TFLiteOperator(kind: kinds[kind], options: try table.table(4), inputs: inputs, outputs: outputs))
        }
        return operators
    }

    // MARK: Tensors

    func tensor(_ index: Int) throws(TFLiteProblem) -> TFLiteTensor {
        guard (0..<tensors.count).contains(index) else { throw .malformed("it names tensor \(index) of \(tensors.count)") }
        return try TFLiteTensor(tensors.table(index))
    }

    /// The bytes of a buffer; nil where it has none, as those of tensors that are computed have not.
    func contents(ofBuffer index: Int) throws(TFLiteProblem) -> FileBytes? {
        // By convention the first buffer is the empty one.
        guard index > 0 else { return nil }
        let buffer = try buffers.table(index)
        let bytes = try buffer.vector(0, of: 1)
        if bytes.count > 0 { return bytes }
        // Files beyond 2 GiB have their buffers after the FlatBuffer, which says where; offsets of 0 and 1 are none.
        let (offset, size) = (try buffer.integer(1, UInt64.self), try buffer.integer(2, UInt64.self))
        guard offset > 1, size > 0 else { return nil }
        guard let part = file.part(at: offset, count: size) else { throw .damaged }
        return part
    }

    /// The buffer that the file keeps under `name` for programs beside the runtime.
    func metadata(_ name: String) throws(TFLiteProblem) -> FileBytes? {
        for index in 0..<min(metadata.count, Self.mostCodes) {
            let entry = try metadata.table(index)
            if try entry.text(0, atMost: TFLiteTensor.longestName) == name { return try contents(ofBuffer: entry.integer(1, UInt32.self)) }
        }
        return nil
    }
}
