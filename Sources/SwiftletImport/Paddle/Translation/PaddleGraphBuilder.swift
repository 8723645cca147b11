import SwiftletGraph

/// Builds a graph from a program and its parameters. What its operators become stands in the extensions: see `translate`.
struct PaddleGraphBuilder {
    /// More results than this are a mistake, or meant to take time.
    private static let mostOutputs = 64

    let program: PaddleProgram
    let parameters: PaddleParameters
    var graph: Graph
    /// The grids that were met; nil for a model in floats.
    var quantization: PublishedQuantization?
    /// By value of the graph: the node that computes it.
    private(set) var producers: [ValueID: Int] = [:]
    /// By value of the program: how many operators read it.
    private let uses: [Int]
    /// By value of the graph: the parameter that it is.
    private var sources: [ValueID: Int] = [:]
    /// Parameters that were made floats by a scale.
    var dequantized: [Int: ValueID] = [:]
    /// Values that were put on a grid, and are to be dequantized.
    var onGrid: Set<ValueID> = []
    private var values: [ValueID?]
    private var integers = PaddleIntegerAllowance()
    private var names = UniqueNames()

    init(_ program: PaddleProgram, _ parameters: PaddleParameters) {
        self.program = program
        self.parameters = parameters
        graph = Graph(name: program.form)
        values = [ValueID?](repeating: nil, count: program.values.count)
        var uses = [Int](repeating: 0, count: program.values.count)
        for step in program.operators {
            for slot in step.inputs { for value in slot.values { uses[value] += 1 } }
        }
        self.uses = uses
    }

    mutating func build(inputSize: (height: Int, width: Int)?) throws(PaddleError) {
        guard (1...Self.mostOutputs).contains(program.outputs.count) else {
            throw PaddleError("it has \(program.outputs.count) outputs; 1 to \(Self.mostOutputs) can be read")
        }
        try addInput(size: inputSize)
        for (step, isLive) in zip(program.operators, liveOperators()) where isLive { try add(step) }
        graph.outputs = []
        for output in program.outputs {
            let name = program.values[output].name
            do throws(PaddleProblem) {
                graph.outputs.append(GraphOutput(name: name, value: try value(output)))
            } catch {
                throw PaddleError("nothing computes its output '\(name)'")
            }
        }
    }

    /// By operator, whether an output depends on it.
    private func liveOperators() -> [Bool] {
        var isNeeded = [Bool](repeating: false, count: program.values.count)
        for output in program.outputs { isNeeded[output] = true }
        var isLive = [Bool](repeating: false, count: program.operators.count)
        for (index, step) in program.operators.enumerated().reversed()
        where step.outputs.contains(where: { $0.values.contains { isNeeded[$0] } }) {
            isLive[index] = true
            for slot in step.inputs { for value in slot.values { isNeeded[value] = true } }
        }
        return isLive
    }

    private func declaredShape(_ input: PaddleProgram.Input) -> DeclaredInputShape {
        let declared = program.values[input.value].shape ?? []
        return DeclaredInputShape(sizes: declared.prefix(Shape.rankLimit).map { $0 > 0 ? $0 : nil })
    }

    /// Whether the program does not say how large its pictures are.
    var leavesSizeOpen: Bool {
        guard let input = program.inputs.first else { return false }
        if case .sizeNeeded = error(resolving: declaredShape(input)) { return true }
        return false
    }

    private func error(resolving shape: DeclaredInputShape) -> DeclaredInputShape.Problem? {
        do throws(DeclaredInputShape.Problem) {
            _ = try shape.resolved(nil)
            return nil
        } catch { return error }
    }

    private mutating func addInput(size: (height: Int, width: Int)?) throws(PaddleError) {
        guard let input = program.inputs.first, program.inputs.count == 1 else {
            throw PaddleError("it has \(program.inputs.count) inputs instead of one")
        }
        let shape = declaredShape(input)
        do throws(DeclaredInputShape.Problem) {
            graph.input = graph.addValue(names.unique(input.name), shape: try shape.resolved(size))
        } catch {
            switch error {
            case .unsupported(let reason): throw PaddleError("unsupported: \(reason)")
            case .malformed(let reason): throw PaddleError(reason)
            case .sizeNeeded(let shape): throw PaddleError("the input \(shape) leaves its size open: give it with --resize HxW")
            }
        }
        graph.declaredBatch = shape.batch
        values[input.value] = graph.input
    }

    // MARK: Operators

    private mutating func add(_ step: PaddleOperator) throws(PaddleError) {
        let results: [ValueID]
        do throws(PaddleProblem) {
            results = try translate(step)
        } catch {
            guard case .unsupported(let reason) = error else {
                if case .malformed(let reason) = error { throw PaddleError("operator \(step.type) '\(step.name)': \(reason)") }
                return
            }
            // What it reads does not matter any more: its result is a source of names alone.
            let outputs = max(1, Self.results(of: step).count)
            let node = add(step, .unsupported(reason), [])
            results = [node] + (1..<outputs).map { _ in graph.addValue(step.name) }
        }
        for (output, result) in zip(Self.results(of: step), results) { values[output] = result }
        // What the older form saw of a result.
        let seen = step.float("out_threshold", "Out0_threshold", "Output0_threshold", "Y0_threshold", default: 0)
        if let result = results.first { watch(result, seen) }
    }

    /// The values that an operator is there for; others are shapes for training, or statistics.
    private static func results(of step: PaddleOperator) -> [Int] {
        for slot in ["Out", "Output", "Y"] where !step.outputs(slot).isEmpty { return step.outputs(slot) }
        return []
    }

    func resultCount(of step: PaddleOperator) -> Int { Self.results(of: step).count }

    /// Appends a node to the graph and returns its output.
    mutating func add(_ step: PaddleOperator, _ operation: NodeOperation, _ inputs: [ValueID]) -> ValueID {
        let output = graph.addNode(names.unique(step.name), kind: step.type, operation, inputs)
        producers[output] = graph.nodes.count - 1
        return output
    }

    // MARK: Values

    /// The graph's value for one of the program's; parameters become constants when they are first read.
    mutating func value(_ value: Int) throws(PaddleProblem) -> ValueID {
        if let known = values[value] { return known }
        let name = program.values[value].name
        guard let tensor = parameters[value] else { throw .malformed("it reads '\(name)', which nothing before it computes") }
        do throws(PaddleError) {
            guard let constant = try tensor.constant(&integers) else { throw PaddleError("parameter '\(name)' has an impossible shape") }
            let added = graph.addConstant(constant, name: names.unique(name))
            values[value] = added
            sources[added] = value
            return added
        } catch {
            throw .malformed(error.reason)
        }
    }

    /// The same as far as it is in the graph already.
    func known(_ value: Int) -> ValueID? { values[value] }

    /// Whether it is a parameter that one operator has.
    func isReadOnce(_ value: ValueID) -> Bool { sources[value].map { uses[$0] == 1 } ?? false }

    mutating func input(_ step: PaddleOperator, _ slot: String) throws(PaddleProblem) -> ValueID {
        guard let input = step.input(slot) else { throw .malformed("its input \(slot) is missing") }
        return try value(input)
    }

    mutating func optionalInput(_ step: PaddleOperator, _ slot: String) throws(PaddleProblem) -> ValueID? {
        guard let input = step.input(slot) else { return nil }
        return try value(input)
    }

    /// The numbers of an input that is a constant; nil where it is left out.
    mutating func numbers(_ step: PaddleOperator, _ slot: String) throws(PaddleProblem) -> [Float]? {
        guard let input = try optionalInput(step, slot) else { return nil }
        guard let numbers = graph.values[input].constant?.floats else {
            throw .unsupported("its input \(slot) is computed while the model runs")
        }
        return numbers
    }

    mutating func integers(_ step: PaddleOperator, _ slot: String) throws(PaddleProblem) -> [Int]? {
        guard let numbers = try numbers(step, slot) else { return nil }
        let integers = numbers.compactMap { Int(exactly: $0) }
        guard integers.count == numbers.count, integers.count <= Shape.rankLimit else {
            throw .malformed("its input \(slot) is no list of integers")
        }
        return integers
    }

    /// How many axes an input has; nil where neither the graph nor the program says so.
    func rank(_ step: PaddleOperator, _ slot: String) -> Int? {
        guard let input = step.input(slot) else { return nil }
        let rank = values[input].flatMap { graph.values[$0].shape?.rank } ?? program.values[input].shape?.count
        return rank.flatMap { $0 <= Shape.rankLimit ? $0 : nil }
    }
}
