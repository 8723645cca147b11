import SwiftletGraph
import SwiftletRuntime

/// Layers without integer weights: element-wise operators, pools, copies; and whatever stays in float.
extension Calibrator {
    func calibrateOperator(_ index: Int, _ layer: Layer) throws {
        runFloat(layer, layer.inputs.map { full[$0]! }, into: try makeFull(layer.output))
        let ranges = try ranges(of: layer)

        let maker = Int8Operator(network: network)
        let inputs = layer.inputs.map { grids[$0]! }
        guard !prepared.isFloat[index] else {
            try finishInFloat(index, layer, ranges: ranges, because: nil)
            return
        }
        if let grid = maker.inheritedGrid(layer, inputs: inputs) {
            let operation = maker.make(layer, inputs: inputs, output: grid)
            finish(
                index,
                CalibratedLayer(
                    operation: operation, grid: grid, values: .int8(try runInt8(layer, operation, grid), grid), ranges: ranges))
            return
        }
        let choice = chooseGrid(index, ranges: ranges, smallest: maker.smallestScales(layer, inputs: inputs))
        if choice.losesClamp {
            try finishInFloat(index, layer, ranges: ranges, because: Self.losesClamp)
            return
        }
        let operation = maker.make(layer, inputs: inputs, output: choice.grid)
        finish(
            index,
            CalibratedLayer(
                operation: operation, grid: choice.grid, values: .int8(try runInt8(layer, operation, choice.grid), choice.grid),
                ranges: ranges, factor: choice.factor, notes: choice.notes))
    }

    static var losesClamp: String { "kept in float: its weights are too coarse for an int8 grid that ends where the activation clamps" }

    /// Keeps a layer in float: the quantized network computes it with the FP32 weights on its own inputs. Its grid, for readers in int8,
    /// knows no bounds of multipliers.
    func finishInFloat(_ index: Int, _ layer: Layer, ranges: ObservedRanges, because reason: String?) throws {
        let unbounded = [Float](repeating: 0, count: network.tensors[layer.output].channels)
        let choice = chooseGrid(index, ranges: ranges, smallest: unbounded)
        let values = try PictureTensor(pictures: pictures, bytes: network.tensors[layer.output].count * 4)
        runFloat(layer, try layer.inputs.map { try floatValues($0) }, into: values)
        finish(
            index,
            CalibratedLayer(
                operation: floatOperator(layer), grid: choice.grid, values: .float(values), ranges: ranges, factor: choice.factor,
                notes: reason.map { [$0] } ?? []))
    }

    /// A layer's float operator on all pictures.
    func runFloat(_ layer: Layer, _ inputs: [PictureTensor], into output: PictureTensor) {
        if layer.operation.copies {
            copy(layer, inputs, into: output, elementSize: 4)
        } else {
            let shapes = layer.inputs.map { TensorDescription(network.tensors[$0]) }
            let shape = TensorDescription(network.tensors[layer.output])
            run(PackedOperator(floatOperator(layer), inputs: shapes, output: shape), inputs, into: output)
        }
    }

    /// A layer's int8 operator on all pictures of the quantized network.
    func runInt8(_ layer: Layer, _ operation: OperatorDescription, _ grid: Grid) throws -> PictureTensor {
        let output = network.tensors[layer.output]
        let values = try PictureTensor(pictures: pictures, bytes: output.count)
        let inputs = try layer.inputs.map { try int8Values($0) }
        if layer.operation.copies {
            copy(layer, inputs, into: values, elementSize: 1)
        } else {
            let shapes = layer.inputs.map { TensorDescription(network.tensors[$0], grids[$0]!) }
            run(PackedOperator(operation, inputs: shapes, output: TensorDescription(output, grid)), inputs, into: values)
        }
        return values
    }

    private func copy(_ layer: Layer, _ inputs: [PictureTensor], into output: PictureTensor, elementSize: Int) {
        let network = network
        parallel(pictures, threads: threads) { range in
            for picture in range {
                let (target, sources) = (output.picture(picture), inputs.map { $0.picture(picture) })
                network.forEachCopy(layer) { whole, part, count, input in
                    (target + whole * elementSize).copyMemory(from: sources[input] + part * elementSize, byteCount: count * elementSize)
                }
                for tensor in inputs + [output] { tensor.release(picture) }
            }
        }
    }
}
