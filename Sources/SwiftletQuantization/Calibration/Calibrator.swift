import SwiftletGraph
import SwiftletRuntime

/// The walk of the calibration set through the FP32 and the quantized network.
final class Calibrator {
    let prepared: PreparedNetwork
    let calibrationSet: CalibrationSet
    let settings: QuantizationSettings
    let threads: Int

    /// By tensor; nil before it is computed and after its last use.
    var full: [PictureTensor?]
    private var int8: [PictureTensor?]
    private var float: [PictureTensor?]
    private(set) var grids: [Grid?]
    private var layers: [QuantizedLayer] = []
    private var entries: [QuantizationReport.LayerEntry] = []
    /// By tensor: the last layer that reads it or writes it.
    private let lastUse: [Int]
    /// By tensor, from `RangeRefinement`.
    private var refinedFactors: [Float?]?

    var network: Network { prepared.network }
    var pictures: Int { calibrationSet.count }

    init(_ prepared: PreparedNetwork, set: CalibrationSet, settings: QuantizationSettings, threads: Int) {
        self.prepared = prepared
        calibrationSet = set
        self.settings = settings
        self.threads = threads
        let unused = [Int](repeating: -1, count: prepared.network.tensors.count)
        lastUse = prepared.network.layers.enumerated().reduce(into: unused) { last, layer in
            for tensor in layer.element.inputs + [layer.element.output] { last[tensor] = layer.offset }
        }
        full = Array(repeating: nil, count: prepared.network.tensors.count)
        (int8, float) = (full, full)
        grids = Array(repeating: nil, count: prepared.network.tensors.count)
    }

    func run(_ progress: (Double, String) -> Void) throws -> QuantizedNetwork {
        let costs = network.layers.map(cost)
        let total = costs.reduce(1, +)
        var done = 0.0
        if settings.ranges == .refined {
            progress(0, "ranges")
            refinedFactors = try RangeRefinement(prepared: prepared, settings: settings, threads: threads).run(on: calibrationSet)
        }
        progress(0, "pictures")
        try loadInput()
        for (index, layer) in network.layers.enumerated() {
            progress(done / total, layer.name)
            for input in layer.inputs where full[input] == nil {
                throw QuantizationError(layer: layer.name, "reads \(network.tensors[input].name), which no earlier layer computes")
            }
            switch layer.operation {
            case .convolution(let convolution) where !prepared.isFloat[index]: try calibrateConvolution(index, layer, convolution)
            default: try calibrateOperator(index, layer)
            }
            release(after: index)
            done += costs[index]
        }
        progress(1, "")
        return QuantizedNetwork(
            network: network, grids: grids.map { $0 ?? Grid(scales: [1], zeros: [0]) }, layers: layers,
            report: QuantizationReport(network: network.name, settings: settings, pictures: pictures, layers: entries))
    }

    // MARK: - Values

    /// New FP32 values of a tensor.
    func makeFull(_ tensor: Int) throws(QuantizationError) -> PictureTensor {
        let values = try PictureTensor(pictures: pictures, bytes: network.tensors[tensor].count * 4)
        full[tensor] = values
        return values
    }

    /// A tensor of the quantized network as int8; a float layer's is converted once, as the lowered model does.
    func int8Values(_ tensor: Int) throws(QuantizationError) -> PictureTensor {
        if let values = int8[tensor] { return values }
        let values = try PictureTensor(pictures: pictures, bytes: network.tensors[tensor].count)
        convert(.quantize, tensor, from: float[tensor]!, to: values)
        int8[tensor] = values
        return values
    }

    /// A tensor of the quantized network as float.
    func floatValues(_ tensor: Int) throws(QuantizationError) -> PictureTensor {
        if let values = float[tensor] { return values }
        let values = try PictureTensor(pictures: pictures, bytes: network.tensors[tensor].count * 4)
        convert(.dequantize, tensor, from: int8[tensor]!, to: values)
        float[tensor] = values
        return values
    }

    private func convert(_ kind: OperatorKind, _ tensor: Int, from source: PictureTensor, to target: PictureTensor) {
        let shape = network.tensors[tensor]
        let (int8, float) = (TensorDescription(shape, grids[tensor]!), TensorDescription(shape))
        let operation = conversion(kind, of: shape, grids[tensor]!, from: 0, to: 1)
        let kernel =
            kind == .quantize
            ? PackedOperator(operation, inputs: [float], output: int8) : PackedOperator(operation, inputs: [int8], output: float)
        run(kernel, [source], into: target)
    }

    /// Runs an operator on all pictures.
    func run(_ kernel: PackedOperator, _ inputs: [PictureTensor], into output: PictureTensor) {
        parallel(pictures, threads: threads) { range in
            let scratch = kernel.makeScratch()
            for picture in range {
                let second = inputs.count > 1 ? inputs[1].picture(picture) : nil
                kernel.run(inputs[0].picture(picture), second, into: output.picture(picture), scratch: scratch)
                for tensor in inputs + [output] { tensor.release(picture) }
            }
        }
    }

    // MARK: - Input

    private func loadInput() throws {
        let shape = network.tensors[network.input]
        let (values, set) = (try makeFull(network.input), calibrationSet)
        try parallelThrowing(pictures, threads: threads) { picture in
            let x = try set.picture(picture)
            guard x.count == shape.count else {
                let what = "\(x.count) values, the network's input \(shape.name) has \(shape.count)"
                throw QuantizationError("calibration picture \(picture) has \(what)")
            }
            guard x.allSatisfy(\.isFinite) else { throw QuantizationError("calibration picture \(picture) has values that are not finite") }
            values.floats(picture).update(from: x, count: x.count)
            values.release(picture)
        }
        switch calibrationSet.inputRange {
        case .pixels(let mean, let std):
            grids[network.input] = .pixels(mean: mean, std: std)
        case .measured:
            let ranges = ObservedRanges(of: values, tensor: shape, threads: threads)!.ends(perChannel: true)  // finite: see above
            grids[network.input] =
                GridChoice.pairs(
                    over: (0..<shape.channels).map { ranges[$0] }, activation: .none, smallest: Array(repeating: 0, count: shape.channels)
                ).grid
        }
        float[network.input] = values
    }

    // MARK: - Results

    /// Keeps a layer's results.
    func finish(_ index: Int, _ layer: CalibratedLayer) {
        let output = network.layers[index].output
        let isFloat: Bool
        grids[output] = layer.grid
        switch layer.values {
        case .int8(let pictures, _): (int8[output], isFloat) = (pictures, false)
        case .float(let pictures): (float[output], isFloat) = (pictures, true)
        }
        layers.append(QuantizedLayer(isFloat: isFloat, operation: layer.operation))
        entries.append(entry(index, layer, isFloat: isFloat))
    }

    private func entry(_ index: Int, _ layer: CalibratedLayer, isFloat: Bool) -> QuantizationReport.LayerEntry {
        let (tensor, full) = (network.tensors[network.layers[index].output], full[network.layers[index].output]!)
        let (grid, extremes, channels) = (layer.grid, layer.ranges.extremes, layer.ranges.ends(perChannel: true))
        return QuantizationReport.LayerEntry(
            name: layer.operation.name, kind: "\(layer.operation.kind)", output: tensor.name, isFloat: isFloat,
            sqnr: NoiseMeter.sqnr(of: layer.values, against: full, tensor: tensor, threads: threads),
            weightError: layer.weightError, biasShift: layer.biasShift, low: extremes.low, high: extremes.high, rangeFactor: layer.factor,
            channelLow: channels.low, channelHigh: channels.high,
            gridLow: isFloat ? [] : (0..<tensor.channels).map { (-128 - grid.offset($0)) * grid.scale($0) },
            gridHigh: isFloat ? [] : (0..<tensor.channels).map { (127 - grid.offset($0)) * grid.scale($0) },
            histogram: GridHistogram.count(full, tensor: tensor, grid: grid), notes: prepared.notes[index] + layer.notes)
    }

    /// Ranges of a layer's FP32 output.
    func ranges(of layer: Layer) throws -> ObservedRanges {
        let tensor = network.tensors[layer.output]
        guard let ranges = ObservedRanges(of: full[layer.output]!, tensor: tensor, threads: threads) else {
            throw QuantizationError(layer: layer.name, "its FP32 output on the calibration set is not finite")
        }
        return ranges
    }

    func chooseGrid(_ index: Int, ranges: ObservedRanges, smallest: [Float]) -> GridChoice.Result {
        let output = network.layers[index].output
        let measured = MeasuredOutput(
            output: prepared.output(of: index, settings: settings), values: full[output]!, ranges: ranges, stream: 2 * index + 1)
        return GridChoice(settings: settings, threads: threads).run(measured, smallest: smallest, refined: refinedFactors?[output])
    }

    private func release(after index: Int) {
        for tensor in network.layers[index].inputs + [network.layers[index].output] where lastUse[tensor] == index {
            (full[tensor], int8[tensor], float[tensor]) = (nil, nil, nil)
        }
    }

    /// Relative time of a layer, for the progress bar.
    private func cost(_ layer: Layer) -> Double {
        let output = Double(network.tensors[layer.output].count)
        guard case .convolution(let convolution) = layer.operation else { return output * 10 }
        return output * (30 + Double(convolution.weights.count / convolution.outputs))
    }
}
