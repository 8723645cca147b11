import SwiftletGraph

/// Operators of models that are int8 already. Weights become the floats that they stand for, and the grids of all are noted.
extension PaddleGraphBuilder {
    mutating func quantizer(_ step: PaddleOperator) throws(PaddleProblem) -> ValueID? {
        switch step.type {
        case "quantize_linear":
            let rounding: PublishedGrid.Rounding = step.integer("round_type", default: 0) == 0 ? .halfToEven : .halfAwayFromZero
            let x = try rounded(step, scale: "Scale", rounding: rounding)
            onGrid.insert(x)
            return x
        case "dequantize_linear": return try dequantize(step)
        case "fake_quantize_range_abs_max", "fake_quantize_moving_average_abs_max", "fake_quantize_abs_max":
            let rounding: PublishedGrid.Rounding = step.integer("round_type", default: 1) == 0 ? .halfToEven : .halfAwayFromZero
            return try rounded(step, scale: "InScale", rounding: rounding, isSymmetric: true)
        case "fake_quantize_dequantize_moving_average_abs_max", "fake_quantize_dequantize_abs_max",
            "fake_channel_wise_quantize_dequantize_abs_max":
            // As models have them that were trained with quantization and not frozen: their weights are floats.
            return try rounded(step, scale: "InScale", rounding: .halfAwayFromZero, isSymmetric: true)
        case "moving_average_abs_max_scale": return try input(step, "X")
        case "fake_channel_wise_dequantize_max_abs": return try rescaleChannels(step)
        case "fake_dequantize_max_abs": return try rescale(step)
        default: return nil
        }
    }

    private func bits(_ step: PaddleOperator) throws(PaddleProblem) -> Int {
        let bits = step.integers("quant_bits")?.first ?? step.integer("bit_length", default: 8)
        guard (2...16).contains(bits) else { throw .malformed("it quantizes to \(bits) bits") }
        return bits
    }

    /// An activation on its grid; one that the file only watches stays as it is.
    private mutating func rounded(
        _ step: PaddleOperator, scale: String, rounding: PublishedGrid.Rounding, isSymmetric: Bool = false
    ) throws(PaddleProblem) -> ValueID {
        let x = try input(step, "X")
        let bits = try bits(step)
        if quantization == nil { quantization = PublishedQuantization(form: step.type == "quantize_linear" ? .linear : .fake) }
        guard let thresholds = try numbers(step, scale), graph.values[x].constant == nil else { return x }
        guard !thresholds.isEmpty, thresholds.allSatisfy({ $0.isFinite && $0 >= 0 }) else { throw .malformed("a scale is no size") }
        let name = graph.values[x].name
        if step.flag("only_observer", default: false) {
            watch(x, thresholds.max() ?? 0)
            return x
        }
        var grid = Self.grid(thresholds, axis: step.integer("quant_axis", default: 0), bits: bits, rounding: rounding)
        grid.lowest = step.integer("qmin", default: isSymmetric ? grid.lowest : grid.lowest - 1)
        quantization?.activations[name] = grid
        return add(step, .rounded(grid), [x])
    }

    /// Notes the largest magnitude of a value that is on no grid.
    mutating func watch(_ x: ValueID, _ magnitude: Float) {
        guard graph.values[x].constant == nil, magnitude.isFinite, magnitude > 0 else { return }
        graph.values[x].observed = magnitude
        quantization?.observed[graph.values[x].name] = magnitude
    }

    /// A symmetric grid whose largest integer stands for `thresholds`: one, or one for each index along the axis.
    private static func grid(_ thresholds: [Float], axis: Int, bits: Int, rounding: PublishedGrid.Rounding) -> PublishedGrid {
        let highest = 1 << (bits - 1) - 1
        return PublishedGrid(
            scales: thresholds.map { $0 / Float(highest) }, zeroPoints: thresholds.map { _ in 0 }, axis: axis, lowest: -highest,
            highest: highest, rounding: rounding)
    }

    // MARK: Dequantizing weights

    /// Of a stored weight: the floats that it stands for. Of an activation: nothing, since it was never rounded.
    private mutating func dequantize(_ step: PaddleOperator) throws(PaddleProblem) -> ValueID {
        guard let source = step.input("X") else { throw .malformed("its input X is missing") }
        if quantization == nil { quantization = PublishedQuantization(form: .linear) }
        guard let tensor = parameters[source], !step.flag("only_observer", default: false) else {
            let x = try value(source)
            guard onGrid.contains(x) || step.flag("only_observer", default: false) else {
                throw .unsupported("it dequantizes what was not quantized")
            }
            return x
        }
        // Dequantized before; or stored in floats and put on its grid while the model runs, so that these floats are what the file implies.
        if let x = dequantized[source] ?? known(source).flatMap({ onGrid.contains($0) ? $0 : nil }) { return x }
        guard let thresholds = try numbers(step, "Scale") else { throw .malformed("its input Scale is missing") }
        let grid = try weightGrid(step, thresholds, shape: tensor.shape, rounding: .halfToEven)
        if let zeros = try numbers(step, "ZeroPoint"), zeros.contains(where: { $0 != 0 }) {
            throw .unsupported("weights with a zero point")
        }
        let name = program.values[source].name
        guard let constant = Constant(shape: tensor.shape, elements: .floats(grid.dequantized(tensor.floats, shape: tensor.shape))) else {
            throw .malformed("'\(name)' has the shape \(tensor.shape)")
        }
        let value = graph.addConstant(constant, name: name)
        dequantized[source] = value
        quantization?.weights[name] = grid
        return value
    }

    private func weightGrid(
        _ step: PaddleOperator, _ thresholds: [Float], shape: [Int], rounding: PublishedGrid.Rounding
    ) throws(PaddleProblem) -> PublishedGrid {
        let bits = try bits(step)
        let axis = step.integer("quant_axis", default: 0)
        guard thresholds.count == 1 || shape.indices.contains(axis) && shape[axis] == thresholds.count else {
            throw .malformed("\(thresholds.count) scales along axis \(axis) of the shape \(shape.prefix(8))")
        }
        guard thresholds.allSatisfy(\.isFinite) else { throw .malformed("a scale is not finite") }
        return Self.grid(thresholds, axis: axis, bits: bits, rounding: rounding)
    }

    // MARK: The older form

    /// After a layer whose weights are whole numbers and whose input was rounded: acc * channel scale * input scale / (127 * 127).
    private mutating func rescaleChannels(_ step: PaddleOperator) throws(PaddleProblem) -> ValueID {
        let x = try input(step, "X")
        guard let scale = step.inputs("Scales").first, let thresholds = graph.values[try value(scale)].constant?.floats else {
            throw .unsupported("its scales are computed while the model runs")
        }
        try scaleWeights(step, before: x) { builder, shape throws(PaddleProblem) in
            try builder.weightGrid(step, thresholds, shape: shape, rounding: .halfAwayFromZero)
        }
        return x
    }

    /// The same with one scale for all channels: acc * input scale / `max_range`, which is 127 * 127 / the weights' scale.
    private mutating func rescale(_ step: PaddleOperator) throws(PaddleProblem) -> ValueID {
        let x = try input(step, "X")
        let range = step.float("max_range", default: 0)
        guard range.isFinite, range > 0 else { throw .malformed("its max_range is \(range)") }
        try scaleWeights(step, before: x) { builder, shape throws(PaddleProblem) in
            try builder.weightGrid(step, [127 * 127 / range], shape: shape, rounding: .halfAwayFromZero)
        }
        return x
    }

    private mutating func scaleWeights(
        _ step: PaddleOperator, before x: ValueID,
        grid: (PaddleGraphBuilder, [Int]) throws(PaddleProblem) -> PublishedGrid
    ) throws(PaddleProblem) {
        if quantization == nil { quantization = PublishedQuantization(form: .fake) }
        guard let producer = producers[x], graph.nodes[producer].inputs.count >= 2,
            let constant = graph.values[graph.nodes[producer].inputs[1]].constant, let numbers = constant.floats
        else { throw .unsupported("it scales what no layer with weights has made") }
        let weights = graph.nodes[producer].inputs[1]
        let name = graph.values[weights].name
        guard isReadOnce(weights), quantization?.weights[name] == nil else {
            throw .unsupported("its layer shares its weights with another one")
        }
        let grid = try grid(self, constant.shape)
        graph.values[weights].constant = Constant(
            shape: constant.shape, elements: .floats(grid.dequantized(numbers, shape: constant.shape)))
        quantization?.weights[name] = grid
    }
}
