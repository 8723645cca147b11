import SwiftletGraph
import SwiftletRuntime

extension Calibrator {
    /// Weights, then the FP32 output and with it the bias correction, then the output's grid, then the int8 output.
    func calibrateConvolution(_ index: Int, _ layer: Layer, _ convolution: Convolution) throws {
        let input = grids[layer.inputs[0]]!
        let residual = layer.inputs.count > 1 ? grids[layer.inputs[1]]! : nil
        var weights = IntegerWeights(convolution, input: input)
        guard Int8Convolution.allows(convolution.activation, weights) else {
            try keepInFloat(index, layer, because: "kept in float: its weights are too coarse for int8 hard-swish")
            return
        }
        if settings.rounding == .secondOrder {
            let values = ConvolutionInput(
                convolution: convolution, tensor: network.tensors[layer.inputs[0]], grid: input, values: try int8Values(layer.inputs[0]),
                output: network.tensors[layer.output])
            SecondOrderRounding(settings: settings, threads: threads).run(&weights, values, stream: 2 * index)
        }

        let shift = try compute(index, layer, convolution, weights)
        let bias = zip(convolution.bias, shift).map { $0 + $1 }
        guard bias.allSatisfy(\.isFinite) else {
            throw QuantizationError(layer: layer.name, "its sums on the calibration set leave the range of float before its activation")
        }
        let ranges = try ranges(of: layer)
        let choice = chooseGrid(index, ranges: ranges, smallest: Int8Convolution.smallestScales(weights, residual: residual))
        let operation = Int8Convolution.make(
            layer, convolution, weights: &weights, bias: bias, input: input, residual: residual, output: choice.grid)
        if choice.losesClamp || !operation.multiplier.allSatisfy({ $0 <= weights.largestMultiplier }) {
            try finishInFloat(index, layer, ranges: ranges, because: Self.losesClamp)
            return
        }
        finish(
            index,
            CalibratedLayer(
                operation: operation, grid: choice.grid, values: .int8(try runInt8(layer, operation, choice.grid), choice.grid),
                ranges: ranges, factor: choice.factor, weightError: weights.error,
                biasShift: settings.bias == .none ? nil : shift.indices.map { Double(abs(shift[$0]) / choice.grid.scale($0)) }.max(),
                notes: weights.notes + choice.notes))
    }

    private func keepInFloat(_ index: Int, _ layer: Layer, because reason: String) throws {
        runFloat(layer, layer.inputs.map { full[$0]! }, into: try makeFull(layer.output))
        try finishInFloat(index, layer, ranges: try ranges(of: layer), because: reason)
    }

    /// Computes the FP32 output and the bias correction in one pass over the pictures, so that nothing but the output is kept of all of
    /// them.
    /// - Returns: by output channel, what to add to the bias.
    private func compute(_ index: Int, _ layer: Layer, _ convolution: Convolution, _ weights: IntegerWeights) throws -> [Float] {
        let output = try makeFull(layer.output)
        guard settings.bias != .none else {
            runFloat(layer, layer.inputs.map { full[$0]! }, into: output)
            return Array(repeating: 0, count: convolution.outputs)
        }
        let correction = BiasCorrection(
            tensor: network.tensors[layer.output], pictures: pictures,
            slope: settings.bias == .slope ? Slope(prepared.weighing[index]) : nil, seed: settings.seed, stream: 2 * index)
        let pass = ConvolutionPass(network, layer, convolution, weights, input: grids[layer.inputs[0]]!)
        let (x, quantized) = (full[layer.inputs[0]]!, try int8Values(layer.inputs[0]))
        let residual = layer.inputs.count > 1 ? layer.inputs[1] : nil
        let fullResidual = residual.map { full[$0]! }
        let quantizedResidual = try residual.map { QuantizedValues.int8(try int8Values($0), grids[$0]!) }
        parallel(pictures, threads: threads) { range in
            let worker = pass.makeWorker()
            for picture in range {
                let wanted = worker.wanted(x.picture(picture), residual: fullResidual?.picture(picture), into: output.picture(picture))
                let got = worker.got(quantized.activations(picture))
                let residuals = fullResidual.map { full in
                    (UnsafePointer(full.floats(picture)), UnsafePointer(worker.residual(quantizedResidual!, picture)))
                }
                correction.record(
                    picture: picture, wanted: wanted, got: got, step: weights.step, bias: convolution.bias, residuals: residuals)
                for tensor in [x, quantized, output] { tensor.release(picture) }
                fullResidual?.release(picture)
                quantizedResidual?.release(picture)
            }
        }
        return correction.shifts(threads: threads)
    }
}
