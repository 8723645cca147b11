import SwiftletGraph

/// Constants, and what is computed from shapes.
extension ONNXNode {
    func constantOrShape() throws(ONNXProblem) -> ONNXTranslation? {
        switch proto.opType {
        case "Constant": return .constant(try constantValue())
        case "Shape":
            return .operation(.shape(start: try integer("start", default: 0), end: has("end") ? try integer("end", default: 0) : nil))
        case "Size": return .operation(.size)
        case "ConstantOfShape":
            let element = try tensor("value") ?? Constant(0)
            guard element.count == 1 else { throw .malformed("value has \(element.count) elements instead of 1") }
            return .operation(.constantOfShape(element))
        case "Range": return .operation(.range, required: 3)
        default: return nil
        }
    }

    private func constantValue() throws(ONNXProblem) -> Constant {
        if let value = try tensor("value") { return value }
        if has("value_float") { return Constant(try float("value_float", default: 0)) }
        if let values = try floats("value_floats") { return Constant(values) }
        if has("value_int"), let value = Constant(shape: [], elements: .integers([.fixed(try integer("value_int", default: 0))])) {
            return value
        }
        if let values = try integers("value_ints") { return Constant(integers: values) }
        throw .unsupported("a sparse or textual value")
    }
}
