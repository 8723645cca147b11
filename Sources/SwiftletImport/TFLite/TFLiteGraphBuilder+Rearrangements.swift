import SwiftletGraph

/// Operators that hand elements on.
extension TFLiteGraphBuilder {
    /// More parts than this are a mistake, or meant to take time.
    private static let mostParts = 256
    /// Beyond the end of any axis.
    private static let end = Int(Int32.max)

    mutating func rearrangement(_ step: TFLiteOperator) throws(TFLiteProblem) -> ValueID? {
        switch step.kind {
        case "RESHAPE": return try reshape(step)
        case "SQUEEZE":
            let axes = try step.options?.integers(0, Int32.self, atMost: Shape.rankLimit) ?? []
            return add(step, .squeeze, [try input(step, 0)] + (axes.isEmpty ? [] : [vector(axes)]))
        case "EXPAND_DIMS": return add(step, .unsqueeze, [try input(step, 0), vector(try integers(step, 1, "its axis"))])
        case "TRANSPOSE": return add(step, .transpose(try integers(step, 1, "its permutation")), [try input(step, 0)])
        case "CONCATENATION": return try concatenation(step)
        case "PACK": return try pack(step)
        case "GATHER":
            guard try step.integer(1) == 0 else { throw .unsupported("with axes that it gathers one by one") }
            return add(step, .gather(axis: try step.integer(0)), [try input(step, 0), try input(step, 1)])
        case "SLICE": return try slice(step)
        case "STRIDED_SLICE": return try stridedSlice(step)
        case "TILE": return add(step, .tile, [try input(step, 0), try input(step, 1)])
        case "BROADCAST_TO": return add(step, .expand, [try input(step, 0), try input(step, 1)])
        case "SHAPE": return add(step, .shape(start: 0, end: nil), [try input(step, 0)])
        case "CAST":
            guard let output = step.outputs.first else { return nil }
            return add(step, .cast(toInteger: try model.tensor(output).element?.isFloat == false), [try input(step, 0)])
        default: return nil
        }
    }

    /// The shape is an input, or an option in old files.
    private mutating func reshape(_ step: TFLiteOperator) throws(TFLiteProblem) -> ValueID {
        let x = try input(step, 0)
        let shape =
            switch step.input(1) {
            case nil: vector(try step.options?.integers(0, Int32.self, atMost: Shape.rankLimit) ?? [])
            case let index? where try isInFile(index): vector(try integers(step, 1, "its shape"))
            default: try input(step, 1)
            }
        return add(step, .reshape(allowsZero: true), [x, shape])
    }

    private mutating func concatenation(_ step: TFLiteOperator) throws(TFLiteProblem) -> ValueID {
        guard step.inputs.count <= Self.mostParts else { throw .unsupported("it joins \(step.inputs.count) values") }
        var inputs: [ValueID] = []
        for position in step.inputs.indices { inputs.append(try input(step, position)) }
        return add(step, .concat(axis: try step.integer(0)), inputs, then: try activation(step, 1))
    }

    /// Values become one along a new axis, as in the arithmetic of shapes.
    private mutating func pack(_ step: TFLiteOperator) throws(TFLiteProblem) -> ValueID {
        guard step.inputs.count <= Self.mostParts else { throw .unsupported("it joins \(step.inputs.count) values") }
        let axis = try step.integer(1)
        let axes = vector([axis])
        var inputs: [ValueID] = []
        for position in step.inputs.indices { inputs.append(add(step, .unsqueeze, [try input(step, position), axes], "/part")) }
        return add(step, .concat(axis: axis), inputs)
    }

    // MARK: Parts

    /// Operators with several outputs: nil for all others.
    mutating func split(_ step: TFLiteOperator) throws(TFLiteProblem) -> [ValueID]? {
        let count = step.outputs.count
        var inputs: [ValueID]
        let axes: [Int]
        switch step.kind {
        case "SPLIT":
            axes = try integers(step, 0, "its axis")
            inputs = [try input(step, 1)]
        case "SPLIT_V":
            axes = try integers(step, 2, "its axis")
            inputs = [try input(step, 0), try input(step, 1)]
        default: return nil
        }
        guard let axis = axes.first, count <= Self.mostParts else { throw .unsupported("it splits into \(count) parts") }
        return (0..<count).map { add(step, .split(axis: axis, index: $0, count: count), inputs) }
    }

    private mutating func slice(_ step: TFLiteOperator) throws(TFLiteProblem) -> ValueID {
        let starts = try integers(step, 1, "its start")
        let sizes = try integers(step, 2, "its size")
        guard starts.count == sizes.count else { throw .malformed("its starts and sizes differ in number") }
        let ends = zip(starts, sizes).map { $1 < 0 ? Self.end : min(Self.end, $0.addingReportingOverflow($1).partialValue) }
        return add(step, .slice, [try input(step, 0), vector(starts), vector(ends)])
    }

    /// Bits of the masks say of an axis that its start or end is left out, or that it has one position and goes.
    private mutating func stridedSlice(_ step: TFLiteOperator) throws(TFLiteProblem) -> ValueID {
        guard try step.integer(2) == 0, try step.integer(3) == 0, try !step.flag(5) else {
            throw .unsupported("with an ellipsis, a new axis or an offset")
        }
        let (noStart, noEnd, single) = (try step.integer(0), try step.integer(1), try step.integer(4))
        var starts = try integers(step, 1, "its start")
        var ends = try integers(step, 2, "its end")
        var steps = try integers(step, 3, "its stride")
        guard starts.count == ends.count, starts.count == steps.count, starts.count <= Shape.rankLimit else {
            throw .malformed("its starts, ends and strides differ in number")
        }
        var dropped: [Int] = []
        for axis in starts.indices {
            func isSet(_ mask: Int) -> Bool { axis < Int32.bitWidth && mask >> axis & 1 == 1 }
            if isSet(single) {
                steps[axis] = 1
                ends[axis] = starts[axis] == -1 ? Self.end : starts[axis].addingReportingOverflow(1).partialValue
                dropped.append(axis)
                continue
            }
            if isSet(noStart) { starts[axis] = steps[axis] > 0 ? 0 : Self.end }
            if isSet(noEnd) { ends[axis] = steps[axis] > 0 ? Self.end : -Self.end }
        }
        let axes = vector(Array(starts.indices))
        let inputs = [try input(step, 0), vector(starts), vector(ends), axes, vector(steps)]
        guard !dropped.isEmpty else { return add(step, .slice, inputs) }
        return add(step, .squeeze, [add(step, .slice, inputs, "/slice"), vector(dropped)])
    }

    // MARK: Ends of models

    mutating func answer(_ step: TFLiteOperator) throws(TFLiteProblem) -> [ValueID]? {
        switch step.kind {
        case "SOFTMAX":
            var x = try input(step, 0)
            let sharpness = try step.float(0, default: 1)
            if sharpness != 1 { x = add(step, .binary(.multiply), [x, graph.addConstant(Constant(sharpness))], "/scaled") }
            return [add(step, .softmax(axis: -1, flattensRest: false), [x])]
        case "LOG_SOFTMAX": return [add(step, .answer(.logSoftmax, axis: -1, keepsDimensions: true), [try input(step, 0)])]
        case "ARG_MAX":
            guard let axis = try integers(step, 1, "its axis").first else { throw .malformed("its axis is missing") }
            return [add(step, .answer(.argMax, axis: axis, keepsDimensions: false), [try input(step, 0)])]
        case "TOPK_V2":
            let x = try input(step, 0)
            return (0..<2).map { _ in add(step, .answer(.topK, axis: -1, keepsDimensions: true), [x]) }
        default: return nil
        }
    }
}
