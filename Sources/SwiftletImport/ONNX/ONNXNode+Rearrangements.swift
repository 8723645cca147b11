import SwiftletGraph

/// Operators that hand elements on, and those at the end of models.
extension ONNXNode {
    /// More parts than this are a mistake, or meant to take time.
    private static let mostParts = 256

    func rearrangement() throws(ONNXProblem) -> ONNXTranslation? {
        switch proto.opType {
        case "Flatten": return .operation(.flatten(axis: try integer("axis", default: 1)))
        case "Reshape": return .operation(.reshape(allowsZero: try integer("allowzero", default: 0) != 0), required: 2)
        case "Squeeze": return try withAxes(.squeeze, inputSince: 13)
        case "Unsqueeze": return try withAxes(.unsqueeze, inputSince: 13)
        case "Transpose": return .operation(.transpose(try integers("perm")))
        case "Concat": return .operation(.concat(axis: try integer("axis", default: 1)))
        case "Gather": return .operation(.gather(axis: try integer("axis", default: 0)), required: 2)
        case "Slice": return try slice()
        case "Split": return try split()
        case "Expand": return .operation(.expand, required: 2)
        case "Tile": return .operation(.tile, required: 2)
        case "ScatterND":
            guard try string("reduction", default: "none") == "none" else { throw .unsupported("with a reduction") }
            return .operation(.scatter, required: 3)
        case "Identity": return .operation(.identity)
        case "Dropout": return hasInput(2) ? .operation(.dropout) : .operation(.identity, [])
        case "Cast": return try cast()
        case "CastLike": return .operation(.identity, [])
        default: return nil
        }
    }

    private func slice() throws(ONNXProblem) -> ONNXTranslation {
        if opset >= 10 { return .operation(.slice, required: 3) }
        var extra = [Constant(integers: try integers("starts") ?? []), Constant(integers: try integers("ends") ?? [])]
        if let axes = try integers("axes") { extra.append(Constant(integers: axes)) }
        return .operation(.slice, extra)
    }

    /// A step for each output. Their lengths are an attribute, an input, or equal.
    private func split() throws(ONNXProblem) -> ONNXTranslation {
        let axis = try integer("axis", default: 0)
        let count = proto.output.count
        guard count <= Self.mostParts else { throw .unsupported("it splits into \(count) parts; \(Self.mostParts) are the most") }
        let lengths = opset < 13 ? try integers("split").map { [Constant(integers: $0)] } ?? [] : nil
        var translation = ONNXTranslation.operation(.split(axis: axis, index: 0, count: count), lengths)
        for index in 0..<count {
            translation.further[index] = [.init(kind: .operation(.split(axis: axis, index: index, count: count)), constants: lengths ?? [])]
        }
        return translation
    }

    private func cast() throws(ONNXProblem) -> ONNXTranslation {
        switch try integer("to", default: 1) {
        case 1, 10, 11, 16: return .operation(.cast(toInteger: false))
        case 9: return .operation(.unary(.truth))
        case 2, 3, 4, 5, 6, 7, 12, 13: return .operation(.cast(toInteger: true))
        case let type: throw .unsupported("to element type \(type)")
        }
    }

    // MARK: Ends of models

    func answer() throws(ONNXProblem) -> ONNXTranslation? {
        switch proto.opType {
        case "Softmax":
            return .operation(.softmax(axis: try integer("axis", default: opset < 13 ? 1 : -1), flattensRest: opset < 13))
        case "LogSoftmax":
            return .operation(.answer(.logSoftmax, axis: try integer("axis", default: opset < 13 ? 1 : -1), keepsDimensions: true))
        case "ArgMax":
            let keeps = try integer("keepdims", default: 1) != 0
            return .operation(.answer(.argMax, axis: try integer("axis", default: 0), keepsDimensions: keeps))
        case "TopK":
            guard try integer("largest", default: 1) != 0 else { throw .unsupported("the smallest values") }
            let axis = try integer("axis", default: -1)
            var translation = ONNXTranslation.operation(.answer(.topK, axis: axis, keepsDimensions: true), [])
            translation.further[1] = translation.steps
            return translation
        default:
            return nil
        }
    }
}
