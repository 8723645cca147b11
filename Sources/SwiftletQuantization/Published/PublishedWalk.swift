import SwiftletGraph
import SwiftletRuntime

/// The walk of `PublishedQuantizer` from layer to layer.
struct PublishedWalk {
    let prepared: PreparedNetwork
    private let settings: QuantizationSettings
    /// Whether tensors without a grid are given one where their values are bounded.
    let derivesGrids: Bool
    /// As it is computed: with layers split where saturation cannot clamp.
    var network: Network
    private var layers: [QuantizedLayer] = []
    /// By tensor; nil where it stays in FP32.
    var grids: [Grid?]
    /// By tensor: where its values lie; nil where nothing is known.
    var intervals: [ChannelIntervals?]
    /// By tensor: the layers that read it.
    let readers: [[Int]]
    var counts: PublishedResult
    /// The input's grid, for whoever puts pixels on it.
    private var fittedInput: Grid?
    /// The tensor that has the input's values where the model has them: the input itself, or what a table makes of it.
    private var firstTensor: Int

    init(_ prepared: PreparedNetwork, settings: QuantizationSettings, derivesGrids: Bool) {
        (self.prepared, self.settings, self.derivesGrids) = (prepared, settings, derivesGrids)
        network = prepared.network
        network.layers = []
        firstTensor = network.input
        grids = network.tensors.map { $0.grid.flatMap(Grid.init) }
        intervals = network.tensors.map { _ in nil }
        var readers = [[Int]](repeating: [], count: network.tensors.count)
        for (index, layer) in prepared.network.layers.enumerated() {
            for input in layer.inputs { readers[input].append(index) }
        }
        self.readers = readers
        let report = QuantizationReport(network: network.name, settings: settings, pictures: 0, layers: [])
        counts = PublishedResult(quantized: QuantizedNetwork(network: network, grids: [], layers: [], report: report))
        counts.published = grids.count { $0 != nil }
    }

    var result: PublishedResult {
        var result = counts
        result.quantized.network = network
        result.quantized.grids = grids.map { $0 ?? Grid(scales: [1], zeros: [0]) }
        if let fittedInput { result.quantized.grids[network.input] = fittedInput }
        result.quantized.layers = layers
        return result
    }

    mutating func begin(_ range: CalibrationSet.InputRange) throws {
        let tensor = network.tensors[network.input]
        guard case .pixels(let mean, let std) = range, mean.count == tensor.channels else {
            guard let grid = grids[network.input] else { throw QuantizationError("\(network.name): its input came without a grid") }
            intervals[network.input] = ChannelIntervals(grid, .none)
            return
        }
        guard let grid = grids[network.input] else {
            let pixels = Grid.pixels(mean: mean, std: std)
            grids[network.input] = pixels
            intervals[network.input] = ChannelIntervals(pixels, .none)
            counts.derived += 1
            return
        }
        let fit = InputFit(grid, mean: mean, std: std)
        fittedInput = fit.isExact ? fit.grid : .pixels(mean: mean, std: std)
        if !fit.isExact { appendTable(fit.table, grid) }
        intervals[firstTensor] = ChannelIntervals(grid, .none)
    }

    /// Puts pixels, which the input then has, on the grid that the model has them on.
    private mutating func appendTable(_ table: [UInt8], _ grid: Grid) {
        firstTensor = addTensor(like: network.input, "/rounded", nil)
        let name = network.tensors[firstTensor].name
        var operation = OperatorDescription(kind: .tableInt8, name: name, inputs: [network.input], output: firstTensor)
        operation.table = table
        append(Layer(name: name, operation: .activation(.none), inputs: [network.input], output: firstTensor), operation, grid)
    }

    /// A layer of the network as it is computed.
    func layer(_ index: Int) -> Layer {
        var layer = prepared.network.layers[index]
        layer.inputs = layer.inputs.map { $0 == network.input ? firstTensor : $0 }
        return layer
    }

    mutating func visit(_ index: Int) throws {
        let layer = layer(index)
        let inputs = layer.inputs.compactMap { grids[$0] }
        guard !prepared.isFloat[index], inputs.count == layer.inputs.count else {
            if case .activation(.none) = layer.operation, grids[layer.output] != nil { return appendRounding(layer) }
            return appendFloat(layer)
        }
        if case .convolution(let convolution) = layer.operation {
            append(convolution: convolution, index, inputs)
        } else {
            append(other: index, inputs)
        }
    }

    // MARK: Layers

    private mutating func append(convolution: Convolution, _ index: Int, _ inputs: [Grid]) {
        let layer = layer(index)
        var weights = IntegerWeights(convolution, input: inputs[0])
        let missed = weights.recover(convolution, input: inputs[0])
        let residual = inputs.count > 1 ? inputs[1] : nil
        let smallest = Int8Convolution.smallestScales(weights, residual: residual)
        guard Int8Convolution.allows(convolution.activation, weights), let grid = grid(of: index, smallest: smallest),
            isAllowed(grid, smallest)
        else { return appendFloat(layer) }
        func make(_ layer: Layer, _ convolution: Convolution) -> OperatorDescription {
            Int8Convolution.make(
                layer, convolution, weights: &weights, bias: convolution.bias, input: inputs[0], residual: residual, output: grid)
        }
        counts.roundedOutputs += missed
        guard convolution.activation.isClampAroundZero, grid.exceeds(convolution.activation.interval) else {
            return append(layer, make(layer, convolution), grid)
        }
        if derivesGrids, let half = grid.upperHalf(of: convolution.activation) {
            let operation = Int8Convolution.make(
                layer, convolution, weights: &weights, bias: convolution.bias, input: inputs[0], residual: residual, output: half)
            return append(layer, operation, half)
        }
        var linear = convolution
        linear.activation = .none
        appendSplit(layer, .convolution(linear), convolution.activation, grid) { _, layer in make(layer, linear) }
    }

    private mutating func append(other index: Int, _ inputs: [Grid]) {
        let layer = layer(index)
        let maker = Int8Operator(network: network)
        if let inherited = maker.inheritedGrid(layer, inputs: inputs)?.collapsed {
            guard let grid = grids[layer.output], grid != inherited else {
                return append(layer, maker.make(layer, inputs: inputs, output: inherited), inherited)
            }
            return appendSplit(layer, layer.operation, .none, inherited, then: grid) { maker, layer in
                maker.make(layer, inputs: inputs, output: inherited)
            }
        }
        let smallest = maker.smallestScales(layer, inputs: inputs)
        guard let grid = grid(of: index, smallest: smallest), isAllowed(grid, smallest) else { return appendFloat(layer) }
        guard case .add(let activation) = layer.operation, grid.exceeds(activation.interval) else {
            return append(layer, maker.make(layer, inputs: inputs, output: grid), grid)
        }
        appendSplit(layer, .add(.none), activation, grid) { maker, layer in maker.make(layer, inputs: inputs, output: grid) }
    }

    private mutating func append(_ layer: Layer, _ operation: OperatorDescription, _ grid: Grid) {
        network.layers.append(layer)
        layers.append(QuantizedLayer(isFloat: false, operation: operation))
        grids[layer.output] = grid
        if intervals[layer.output] == nil { intervals[layer.output] = ChannelIntervals(grid, layer.operation.activation) }
    }

    /// A layer in FP32. Where its output has a grid, the values go there before anybody reads them.
    private mutating func appendFloat(_ layer: Layer) {
        counts.floatLayers.append(layer.name)
        var layer = layer
        let output = layer.output
        if grids[output] != nil { layer.output = addTensor(like: output, "/unrounded", nil) }
        network.layers.append(layer)
        layers.append(QuantizedLayer(isFloat: true, operation: floatOperator(layer)))
        guard layer.output != output else { return }
        let name = layer.name + "/rounding"
        appendRounding(Layer(name: name, operation: .activation(.none), inputs: [layer.output], output: output))
        intervals[output] = grids[output].map { ChannelIntervals($0, layer.operation.activation) }
    }

    /// Puts a tensor in FP32 on the grid of the output.
    private mutating func appendRounding(_ layer: Layer) {
        guard let grid = grids[layer.output] else { return }
        var operation = conversion(.quantize, of: network.tensors[layer.output], grid, from: layer.inputs[0], to: layer.output)
        operation.name = layer.name
        append(layer, operation, grid)
    }

    private mutating func addTensor(like tensor: Int, _ suffix: String, _ grid: Grid?) -> Int {
        var added = network.tensors[tensor]
        added.name += suffix
        network.tensors.append(added)
        grids.append(grid)
        intervals.append(nil)
        return network.tensors.count - 1
    }

    /// The linear part of a layer on a tensor of its own, and a table that applies the activation or puts the values on another grid.
    private mutating func appendSplit(
        _ layer: Layer, _ linear: SwiftletGraph.Operation, _ activation: Activation, _ grid: Grid, then final: Grid? = nil,
        make: (Int8Operator, Layer) -> OperatorDescription
    ) {
        let between = addTensor(like: layer.output, "/linear", grid)
        var first = layer
        (first.operation, first.output) = (linear, between)
        append(first, make(Int8Operator(network: network), first), grid)
        let second = Layer(
            name: layer.name + Preparation.activationSuffix, operation: .activation(activation), inputs: [between], output: layer.output)
        let output = final ?? grid
        append(second, Int8Operator(network: network).make(second, inputs: [grid], output: output), output)
    }
}
