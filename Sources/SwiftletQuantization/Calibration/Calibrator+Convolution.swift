import CKernels
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
            SecondOrderRounding(settings: settings, threads: threads).run(
                &weights, convolution, input: try int8Values(layer.inputs[0]), tensor: network.tensors[layer.inputs[0]], grid: input,
                output: network.tensors[layer.output], pictures: pictures, stream: 2 * index)
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
            index, operation, grid: choice.grid, values: .int8(try runInt8(layer, operation, choice.grid), choice.grid), ranges: ranges,
            weightError: weights.error,
            biasShift: settings.bias == .none ? nil : shift.indices.map { Double(abs(shift[$0]) / choice.grid.scale($0)) }.max(),
            factor: choice.factor, notes: weights.notes + choice.notes)
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

/// A convolution in float, with FP32 weights on FP32 inputs and with integer weights on the quantized network's inputs, before and after
/// the activation.
private struct ConvolutionPass: Sendable {
    let linear: PackedOperator
    /// Residual and activation; nil when there is neither.
    let ending: PackedOperator?
    /// Integer weights, no bias: exact sums, up to 2^24.
    let integer: PackedOperator
    let input: Tensor
    let output: Tensor
    let grid: Grid

    init(_ network: Network, _ layer: Layer, _ convolution: Convolution, _ weights: IntegerWeights, input grid: Grid) {
        (input, output, self.grid) = (network.tensors[layer.inputs[0]], network.tensors[layer.output], grid)
        let (x, y) = (TensorDescription(input), TensorDescription(output))
        var plain = convolution
        plain.activation = .none
        func pack(_ convolution: Convolution) -> PackedOperator {
            let layer = Layer(name: layer.name, operation: .convolution(convolution), inputs: [layer.inputs[0]], output: layer.output)
            return PackedOperator(floatOperator(layer), inputs: [x], output: y)
        }
        linear = pack(plain)
        plain.weights = weights.integers.map { Float($0) }
        plain.bias = Array(repeating: 0, count: convolution.outputs)
        integer = pack(plain)

        if layer.inputs.count > 1 {
            let add = Layer(name: layer.name, operation: .add(convolution.activation), inputs: [0, 1], output: 2)
            ending = PackedOperator(floatOperator(add), inputs: [y, y], output: y)
        } else if convolution.activation != .none {
            let activation = Layer(name: layer.name, operation: .activation(convolution.activation), inputs: [0], output: 1)
            ending = PackedOperator(floatOperator(activation), inputs: [y], output: y)
        } else {
            ending = nil
        }
    }

    /// Buffers of one thread.
    func makeWorker() -> Worker { Worker(pass: self) }

    final class Worker {
        private let pass: ConvolutionPass
        private let scratch: AlignedBuffer
        private let wantedBuffer: AlignedBuffer
        private let gotBuffer: AlignedBuffer
        private let inputBuffer: AlignedBuffer
        private let residualBuffer: AlignedBuffer

        init(pass: ConvolutionPass) {
            self.pass = pass
            scratch = AlignedBuffer(bytes: max(pass.linear.scratchBytes, pass.integer.scratchBytes, pass.ending?.scratchBytes ?? 0))
            wantedBuffer = AlignedBuffer(bytes: pass.output.count * 4)
            gotBuffer = AlignedBuffer(bytes: pass.output.count * 4)
            residualBuffer = AlignedBuffer(bytes: pass.output.count * 4)
            inputBuffer = AlignedBuffer(bytes: pass.input.count * 4)
        }

        /// - Returns: the FP32 convolution before residual and activation; `output` gets the layer's output.
        func wanted(_ x: UnsafeRawPointer, residual: UnsafeRawPointer?, into output: UnsafeMutableRawPointer) -> UnsafePointer<Float> {
            guard let ending = pass.ending else {
                pass.linear.run(x, into: output, scratch: scratch)
                return UnsafePointer(output.assumingMemoryBound(to: Float.self))
            }
            pass.linear.run(x, into: wantedBuffer.base, scratch: scratch)
            ending.run(wantedBuffer.base, residual, into: output, scratch: scratch)
            return UnsafePointer(wantedBuffer.floats)
        }

        /// - Returns: Σ weight * (q - zero point), positions outside the picture counting as 0.
        func got(_ q: UnsafePointer<sk_act>) -> UnsafePointer<Float> {
            QuantizedValues.center(q, tensor: pass.input, grid: pass.grid, into: inputBuffer)
            pass.integer.run(inputBuffer.base, into: gotBuffer.base, scratch: scratch)
            return UnsafePointer(gotBuffer.floats)
        }

        func residual(_ values: QuantizedValues, _ picture: Int) -> UnsafeMutablePointer<Float> {
            values.real(picture, tensor: pass.output, into: residualBuffer)
        }
    }
}
