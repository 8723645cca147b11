import SwiftletGraph

/// Builds a graph from a model. What its operators become stands in the extensions: see `translate`.
///
/// TensorFlow keeps maps as [N, H, W, C], the graph as [N, C, H, W]. The input is brought into TensorFlow's order, every operator with a
/// window stands between two transpositions, and a pass lets them cancel out: the graph's values are in the file's order but for these.
struct TFLiteGraphBuilder {
    /// More results than this are a mistake, or meant to take time.
    private static let mostOutputs = 64
    /// An integer takes sixteen bytes as a constant. Shapes, axes and indices are a few thousand in all.
    private static let mostIntegers = 1 << 20
    /// The kind of nodes that belong to an operator which has one of its kind already: `inspect` does not count them.
    private static let partOfAnother = ""

    let model: TFLiteModel
    var graph: Graph
    /// The grids that were met.
    var quantization = PublishedQuantization(form: .tensors)
    private var onGrid: Set<ValueID> = []
    /// Whether anything is computed in integers, but for what is made of the picture before it is a float, or of the result.
    private(set) var computesInIntegers = false
    /// By tensor.
    private(set) var values: [Int: ValueID] = [:]
    /// Maps in the graph's order, by what they are in TensorFlow's.
    private var maps: [ValueID: ValueID] = [:]
    /// By tensor, the one in the file that it is but for how numbers are stored: half-precision weights are dequantized first.
    var sources: [Int: Int] = [:]
    /// Weights in the graph's order, which several operators may have in common.
    var arranged: [TFLiteWeights: ValueID] = [:]
    /// How many numbers constants may have together: tensors that share a buffer could fill any memory otherwise.
    private var numbersLeft: Int
    private var integersLeft = Self.mostIntegers
    var names = UniqueNames()

    /// - Parameter fileSize: in bytes.
    init(_ model: TFLiteModel, fileSize: Int) {
        self.model = model
        graph = Graph(name: model.name.isEmpty ? "tflite" : model.name)
        numbersLeft = fileSize + Self.mostIntegers
    }

    mutating func build(inputSize: (height: Int, width: Int)?) throws(TFLiteProblem) {
        guard (1...Self.mostOutputs).contains(model.outputs.count) else {
            throw .unsupported("it has \(model.outputs.count) outputs; 1 to \(Self.mostOutputs) can be read")
        }
        try addInput(size: inputSize)
        let isLive = liveOperators()
        for (index, step) in model.operators.enumerated() where isLive[index] { try add(step) }
        graph.outputs = []
        for output in model.outputs {
            let tensor = try model.tensor(output)
            guard let value = values[output] else { throw .malformed("nothing computes its output '\(tensor.name)'") }
            graph.outputs.append(GraphOutput(name: tensor.name, value: isMap(tensor) ? channelsFirst(value, tensor.name) : value))
        }
    }

    /// Whether a result may have more than one position. What has one is a vector in any order of axes.
    private func isMap(_ tensor: TFLiteTensor) -> Bool {
        let shape = tensor.statedShape
        return maps.values.contains(graph.input) && shape.count == 4 && shape[1...2] != [1, 1]
    }

    /// By operator, whether an output depends on it.
    private func liveOperators() -> [Bool] {
        var needed = Set(model.outputs)
        var isLive = [Bool](repeating: false, count: model.operators.count)
        for (index, step) in model.operators.enumerated().reversed() where step.outputs.contains(where: needed.contains) {
            isLive[index] = true
            needed.formUnion(step.inputs)
        }
        return isLive
    }

    // MARK: Input

    private mutating func addInput(size: (height: Int, width: Int)?) throws(TFLiteProblem) {
        guard let index = model.inputs.first, model.inputs.count == 1 else {
            throw .unsupported("it has \(model.inputs.count) inputs instead of one")
        }
        let tensor = try model.tensor(index)
        let input = try TFLiteInput(tensor)
        let shape = try input.shape(size)
        let name = names.unique(tensor.name)
        graph.input = graph.addValue(name, shape: shape)
        graph.declaredBatch = input.batch
        graph.inputScaling.takesIntegers = input.holdsIntegers
        values[index] = graph.input
        if input.isChannelsLast {
            let map = graph.addNode(names.unique("\(name)/nhwc"), kind: Self.partOfAnother, .transpose(Self.lastOrder), [graph.input])
            maps[map] = graph.input
            values[index] = map
        }
        if let grid = try tensor.grid(), let value = values[index] { values[index] = rounded(value, grid, name) }
    }

    // MARK: Operators

    private mutating func add(_ step: TFLiteOperator) throws(TFLiteProblem) {
        guard let first = step.outputs.first else { return }
        var step = step
        step.name = try model.tensor(first).name
        var results: [ValueID] = []
        do throws(TFLiteProblem) {
            results = try translate(step)
        } catch {
            switch error {
            case .malformed(let reason): throw .malformed("\(step.kind) '\(step.name)': \(reason)")
            case .sizeNeeded: throw error
            case .unsupported(let reason):
                // It reads what it can, so that all of a model's are found.
                results = [add(step, .unsupported(reason), step.inputs.compactMap { values[source($0)] })]
                for _ in step.outputs.dropFirst() { results.append(graph.addValue(step.name)) }
            }
        }
        for (output, result) in zip(step.outputs, results) {
            let placed = try onItsGrid(result, output, of: step)
            guard values.updateValue(placed, forKey: output) == nil else { throw .malformed("'\(step.name)' is computed twice") }
        }
    }

    /// What an operator computes, on the grid of the file's tensor.
    private mutating func onItsGrid(_ value: ValueID, _ output: Int, of step: TFLiteOperator) throws(TFLiteProblem) -> ValueID {
        let tensor = try model.tensor(output)
        guard tensor.element?.isActivation ?? false, graph.values[value].constant == nil, let grid = try tensor.grid() else { return value }
        computesInIntegers = computesInIntegers || step.kind != "QUANTIZE" && step.kind != "DEQUANTIZE"
        return rounded(value, grid, graph.values[maps[value] ?? value].name)
    }

    /// A value on a grid, which is noted for the value of that name. A value that is put on another grid keeps its first.
    private mutating func rounded(_ value: ValueID, _ grid: PublishedGrid, _ name: String) -> ValueID {
        if !onGrid.contains(value), quantization.activations[name] == nil { quantization.activations[name] = grid }
        let rounded = graph.addNode(names.unique("\(name)/grid"), kind: Self.partOfAnother, .rounded(grid), [value])
        onGrid.insert(rounded)
        return rounded
    }

    /// Appends a node to the graph and returns its output.
    mutating func add(_ step: TFLiteOperator, _ operation: NodeOperation, _ inputs: [ValueID], _ suffix: String = "") -> ValueID {
        graph.addNode(names.unique(step.name + suffix), kind: step.kind, operation, inputs)
    }

    /// The same with an activation after it.
    mutating func add(
        _ step: TFLiteOperator, _ operation: NodeOperation, _ inputs: [ValueID], then activation: Activation?
    ) -> ValueID {
        guard let activation else { return add(step, operation, inputs) }
        let sum = add(step, operation, inputs, "/linear")
        return graph.addNode(names.unique(step.name), kind: Self.partOfAnother, .activation(activation), [sum])
    }

    // MARK: Orders of maps

    private static let firstOrder = [0, 3, 1, 2]
    private static let lastOrder = [0, 2, 3, 1]

    /// A map [N, H, W, C] as [N, C, H, W], for an operator or result of that name.
    mutating func channelsFirst(_ x: ValueID, _ name: String) -> ValueID {
        maps[x] ?? graph.addNode(names.unique("\(name)/nchw"), kind: Self.partOfAnother, .transpose(Self.firstOrder), [x])
    }

    /// A map [N, C, H, W] as [N, H, W, C].
    mutating func channelsLast(_ step: TFLiteOperator, _ x: ValueID) -> ValueID {
        let map = graph.addNode(names.unique("\(step.name)/nhwc"), kind: Self.partOfAnother, .transpose(Self.lastOrder), [x])
        maps[map] = x
        return map
    }

    // MARK: Values

    /// The graph's value of an operator's input; tensors with values in the file become constants when they are first read.
    mutating func input(_ step: TFLiteOperator, _ position: Int) throws(TFLiteProblem) -> ValueID {
        guard let index = step.input(position).map(source) else { throw .malformed("its input \(position) is missing") }
        if let known = values[index] { return known }
        let tensor = try model.tensor(index)
        guard let bytes = try model.contents(ofBuffer: tensor.buffer) else {
            throw .malformed("it reads '\(tensor.name)', which nothing before it computes")
        }
        let value =
            if let grid = try tensor.grid() {
                try addFloats(tensor, bytes, grid)
            } else if tensor.element?.isFloat ?? false {
                try addFloats(tensor, bytes, nil)
            } else {
                graph.addConstant(try integers(tensor, bytes), name: names.unique(tensor.name))
            }
        values[index] = value
        return value
    }

    mutating func optionalInput(_ step: TFLiteOperator, _ position: Int) throws(TFLiteProblem) -> ValueID? {
        step.input(position) == nil ? nil : try input(step, position)
    }

    func source(_ index: Int) -> Int { sources[index] ?? index }

    private mutating func integers(_ tensor: TFLiteTensor, _ bytes: FileBytes) throws(TFLiteProblem) -> Constant {
        guard let count = tensor.count, count <= integersLeft else {
            throw .malformed("'\(tensor.name)' has more integers than the shapes and indices of a network take")
        }
        integersLeft -= count
        let integers = try tensor.integers(bytes).map { Dimension.fixed($0) }
        guard let constant = Constant(shape: tensor.shape, elements: .integers(integers)) else { throw .wrongShape(of: tensor) }
        return constant
    }

    /// Adds a constant of floats, or of what integers on `grid` stand for. Their number counts against what the file has room for.
    /// - Parameter form: that of weights, which get the graph's order.
    mutating func addFloats(
        _ tensor: TFLiteTensor, _ bytes: FileBytes, _ grid: PublishedGrid?, _ form: TFLiteWeights.Form? = nil
    ) throws(TFLiteProblem) -> ValueID {
        guard let count = tensor.count, count <= numbersLeft else {
            throw .malformed("its tensors have more numbers than the file has room for")
        }
        numbersLeft -= count
        var (numbers, shape) = (try tensor.floats(bytes, grid), tensor.shape)
        if let form, let arranged = form.shape(tensor.shape) { (numbers, shape) = (form.arranged(numbers, tensor.shape), arranged) }
        guard let constant = Constant(shape: shape, elements: .floats(numbers)) else { throw .wrongShape(of: tensor) }
        let name = names.unique(tensor.name)
        if let grid { quantization.weights[name] = grid }
        return graph.addConstant(constant, name: name)
    }
}

extension TFLiteProblem {
    fileprivate static func wrongShape(of tensor: TFLiteTensor) -> TFLiteProblem {
        .malformed("'\(tensor.name)' has the shape \(tensor.shape.prefix(8))")
    }
}
