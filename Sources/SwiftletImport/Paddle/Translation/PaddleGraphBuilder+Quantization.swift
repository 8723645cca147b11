import SwiftletGraph

/// Operators of models that are int8 already. Weights become the floats that they stand for, roundings of activations fall away, and the
/// grids of both are noted.
extension PaddleGraphBuilder {
    mutating func quantizer(_ step: PaddleOperator) throws(PaddleProblem) -> ValueID? {
        switch step.type {
        case "quantize_linear":
            let x = try input(step, "X")
            onGrid.insert(x)
            try note(step, x, scale: "Scale", rounding: step.integer("round_type", default: 0) == 0 ? .halfToEven : .halfAwayFromZero)
            return x
        case "dequantize_linear": return try dequantize(step)
        case "fake_quantize_range_abs_max", "fake_quantize_moving_average_abs_max", "fake_quantize_abs_max":
            let x = try input(step, "X")
            let rounding = step.integer("round_type", default: 1) == 0 ? PublishedQuantization.Rounding.halfToEven : .halfAwayFromZero
            try note(step, x, scale: "InScale", rounding: rounding, isSymmetric: true)
            return x
        case "fake_quantize_dequantize_moving_average_abs_max", "fake_quantize_dequantize_abs_max",
            "fake_channel_wise_quantize_dequantize_abs_max":
            // As models have them that were trained with quantization and not frozen: their weights are floats.
            let x = try input(step, "X")
            try note(step, x, scale: "InScale", rounding: .halfAwayFromZero, isSymmetric: true)
            return x
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

    /// Notes the grid of an activation.
    private mutating func note(
        _ step: PaddleOperator, _ x: ValueID, scale: String, rounding: PublishedQuantization.Rounding, isSymmetric: Bool = false
    ) throws(PaddleProblem) {
        let bits = try bits(step)
        var quantization = quantization ?? PublishedQuantization(form: step.type == "quantize_linear" ? .linear : .fake)
        if let thresholds = try numbers(step, scale), graph.values[x].constant == nil {
            let grid = PublishedQuantization.Grid(
                thresholds: thresholds, axis: thresholds.count > 1 ? step.integer("quant_axis", default: 0) : nil, bits: bits,
                rounding: rounding, lowest: step.integer("qmin", default: isSymmetric ? 1 - 1 << (bits - 1) : -1 << (bits - 1)))
            let name = graph.values[x].name
            if step.flag("only_observer", default: false) {
                quantization.observed[name] = grid
            } else {
                quantization.activations[name] = grid
            }
        }
        self.quantization = quantization
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
        _ step: PaddleOperator, _ thresholds: [Float], shape: [Int], rounding: PublishedQuantization.Rounding
    ) throws(PaddleProblem) -> PublishedQuantization.Grid {
        let bits = try bits(step)
        let axis = step.integer("quant_axis", default: 0)
        guard thresholds.count == 1 || shape.indices.contains(axis) && shape[axis] == thresholds.count else {
            throw .malformed("\(thresholds.count) scales along axis \(axis) of the shape \(shape.prefix(8))")
        }
        guard thresholds.allSatisfy(\.isFinite) else { throw .malformed("a scale is not finite") }
        return PublishedQuantization.Grid(
            thresholds: thresholds, axis: thresholds.count > 1 ? axis : nil, bits: bits, rounding: rounding, lowest: 1 - 1 << (bits - 1))
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
        grid: (PaddleGraphBuilder, [Int]) throws(PaddleProblem) -> PublishedQuantization.Grid
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

extension PublishedQuantization.Grid {
    /// What whole numbers on this grid stand for, in C order.
    func dequantized(_ numbers: [Float], shape: [Int]) -> [Float] {
        let steps = steps
        guard let axis, steps.count > 1 else { return numbers.map { $0 * steps[0] } }
        let inner = shape[(axis + 1)...].reduce(1, *)
        return numbers.indices.map { numbers[$0] * steps[$0 / inner % steps.count] }
    }
}
