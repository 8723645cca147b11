import SwiftletGraph

/// Operators that hand elements on.
extension PaddleGraphBuilder {
    /// More parts than this are a mistake, or meant to take time.
    private static let mostParts = 256

    mutating func rearrangement(_ step: PaddleOperator) throws(PaddleProblem) -> ValueID? {
        switch step.type {
        case "flatten", "flatten2": return add(step, .flatten(axis: step.integer("axis", default: 1)), [try input(step, "X")])
        case "flatten_contiguous_range": return try flatten(step)
        case "reshape", "reshape2": return try reshape(step)
        case "squeeze", "squeeze2": return try withAxes(step, .squeeze, "Axes")
        case "unsqueeze", "unsqueeze2": return try withAxes(step, .unsqueeze, "AxesTensor")
        case "transpose", "transpose2": return add(step, .transpose(step.integers("axis", "perm")), [try input(step, "X")])
        case "concat":
            var inputs: [ValueID] = []
            for input in step.inputs("X") { inputs.append(try value(input)) }
            guard !inputs.isEmpty else { throw .malformed("it joins nothing") }
            return add(step, .concat(axis: try integers(step, "AxisTensor")?.first ?? step.integer("axis", default: 0)), inputs)
        case "slice": return try slice(step)
        case "assign": return try input(step, "X")
        case "cast":
            let type = step.string("dtype", default: "")
            let isInteger = ["int32", "int64"].contains(type) || [2, 3].contains(step.integer("out_dtype", default: 5))
            return add(step, .cast(toInteger: isInteger), [try input(step, "X")])
        default: return nil
        }
    }

    /// Axes `start_axis` to `stop_axis` become one.
    private mutating func flatten(_ step: PaddleOperator) throws(PaddleProblem) -> ValueID {
        let x = try input(step, "X")
        let (start, stop) = (step.integer("start_axis", default: 1), step.integer("stop_axis", default: -1))
        if start == 1, stop == -1 { return add(step, .flatten(axis: 1), [x]) }
        guard let rank = rank(step, "X") else { throw .unsupported("an operand of unknown rank") }
        guard (-rank..<rank).contains(start), (-rank..<rank).contains(stop) else {
            throw .malformed("axes \(start) to \(stop) of a value with \(rank) axes")
        }
        let (first, last) = (start < 0 ? start + rank : start, stop < 0 ? stop + rank : stop)
        guard last == rank - 1, first > 0 else { throw .unsupported("it joins axes \(first) to \(last) of \(rank)") }
        if first == 1 { return add(step, .flatten(axis: 1), [x]) }
        let shape = [Int](repeating: 0, count: first) + [-1]
        return add(step, .reshape(allowsZero: false), [x, graph.addConstant(Constant(integers: shape))])
    }

    /// The new shape is an attribute, an input, or an input for each extent.
    private mutating func reshape(_ step: PaddleOperator) throws(PaddleProblem) -> ValueID {
        let x = try input(step, "X")
        let extents = step.inputs("ShapeTensor")
        let shape: ValueID
        if !extents.isEmpty {
            guard extents.count <= Shape.rankLimit else { throw .malformed("its shape has \(extents.count) axes") }
            var parts: [ValueID] = []
            for extent in extents {
                let one = graph.addConstant(Constant(integers: [1]))
                parts.append(add(step, .reshape(allowsZero: false), [try value(extent), one]))
            }
            shape = add(step, .concat(axis: 0), parts)
        } else if let given = try optionalInput(step, "Shape") {
            shape = given
        } else {
            guard let given = step.integers("shape") else { throw .malformed("it has no shape") }
            shape = graph.addConstant(Constant(integers: given))
        }
        return add(step, .reshape(allowsZero: false), [x, shape])
    }

    private mutating func withAxes(_ step: PaddleOperator, _ operation: NodeOperation, _ slot: String) throws(PaddleProblem) -> ValueID {
        var inputs = [try input(step, "X")]
        let axes = try integers(step, slot) ?? step.integers("axes", "axis") ?? []
        if !axes.isEmpty { inputs.append(graph.addConstant(Constant(integers: axes))) }
        return add(step, operation, inputs)
    }

    private mutating func slice(_ step: PaddleOperator) throws(PaddleProblem) -> ValueID {
        let x = try input(step, "Input")
        let starts = try integers(step, "StartsTensor") ?? step.integers("starts") ?? []
        let ends = try integers(step, "EndsTensor") ?? step.integers("ends") ?? []
        let axes = step.integers("axes") ?? []
        guard starts.count == axes.count, ends.count == axes.count else { throw .malformed("its starts, ends and axes differ in number") }
        let bounds = [starts, ends, axes].map { graph.addConstant(Constant(integers: $0)) }
        let part = add(step, .slice, [x] + bounds)
        guard let dropped = step.integers("decrease_axis"), !dropped.isEmpty else { return part }
        return add(step, .squeeze, [part, graph.addConstant(Constant(integers: dropped))])
    }

    /// Parts of equal length, or of the lengths in `sections`.
    mutating func split(_ step: PaddleOperator) throws(PaddleProblem) -> [ValueID] {
        let x = try input(step, "X")
        let axis = try integers(step, "AxisTensor")?.first ?? step.integer("axis", default: 0)
        let count = resultCount(of: step)
        guard (1...Self.mostParts).contains(count) else {
            throw .unsupported("it splits into \(count) parts; \(Self.mostParts) are the most")
        }
        let lengths = try integers(step, "SectionsTensor") ?? step.integers("sections") ?? []
        var inputs = [x]
        if !lengths.isEmpty { inputs.append(graph.addConstant(Constant(integers: lengths))) }
        return (0..<count).map { add(step, .split(axis: axis, index: $0, count: count), inputs) }
    }
}
