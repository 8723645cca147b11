import SwiftletGraph

/// Constants that operators with windows have, and those that are stored in another way than they are read.
extension TFLiteGraphBuilder {
    /// The weights of a convolution in the graph's order, [outputs, inputs, kernel height, kernel width]. What an operator has made of
    /// constants is transposed while these are folded.
    mutating func weights(_ step: TFLiteOperator, _ form: TFLiteWeights.Form) throws(TFLiteProblem) -> ValueID {
        guard let index = step.input(1).map(source) else { throw .malformed("its weights are missing") }
        let key = TFLiteWeights(tensor: index, form: form)
        if let known = arranged[key] { return known }
        let tensor = try model.tensor(index)
        guard values[index] == nil, let bytes = try model.contents(ofBuffer: tensor.buffer), form.shape(tensor.shape) != nil else {
            guard let permutation = form.permutation else { throw .unsupported("its weights are computed while the model runs") }
            return add(step, .transpose(permutation), [try input(step, 1)], "/weights")
        }
        let value = try addFloats(tensor, bytes, tensor.grid(), form)
        arranged[key] = value
        return value
    }

    /// A bias. Files of TensorFlow 1 may leave out its scale, which is that of the products it is added to.
    mutating func bias(_ step: TFLiteOperator) throws(TFLiteProblem) -> ValueID? {
        guard let index = step.input(2).map(source) else { return nil }
        let tensor = try model.tensor(index)
        guard tensor.element?.isFloat == false, values[index] == nil, try tensor.grid() == nil,
            let bytes = try model.contents(ofBuffer: tensor.buffer), let x = step.input(0), let weights = step.input(1),
            let inputGrid = try model.tensor(x).grid(), var grid = try model.tensor(weights).grid(), inputGrid.scales.count == 1,
            grid.scales.count == 1 || grid.scales.count == tensor.count
        else { return try input(step, 2) }
        grid.scales = grid.scales.map { $0 * inputGrid.scales[0] }
        grid.zeroPoints = grid.zeroPoints.map { _ in 0 }
        grid.axis = 0
        return try addFloats(tensor, bytes, grid)
    }

    /// Takes the result of an operator that changes how numbers are stored for what it reads.
    mutating func alias(_ step: TFLiteOperator) throws(TFLiteProblem) -> [ValueID] {
        guard let from = step.input(0).map(source), let to = step.outputs.first else { throw .malformed("its input is missing") }
        guard values[from] == nil, try model.contents(ofBuffer: model.tensor(from).buffer) != nil else { return [try input(step, 0)] }
        // It becomes a constant when somebody reads it, weights in another order than they have in the file.
        sources[to] = from
        return []
    }
}
