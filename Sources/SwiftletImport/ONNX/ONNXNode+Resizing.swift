import SwiftletGraph

/// Maps that are made larger or smaller.
extension ONNXNode {
    func resize() throws(ONNXProblem) -> ONNXTranslation {
        let mode = try string("mode", default: "nearest")
        guard ["nearest", "linear", "bilinear"].contains(mode) else { throw .unsupported("mode \(mode)") }
        let isModern = proto.opType == "Resize" && opset >= 11
        var attributes = ResizeAttributes(isLinear: mode != "nearest", hasRegion: isModern)
        if isModern {
            try readCoordinates(&attributes)
        } else if proto.opType == "Resize" {
            attributes.rounding = .byDirection
        }
        if proto.opType == "Upsample", opset < 9 { return .operation(.resize(attributes), [Constant(try floats("scales") ?? [])]) }
        return .operation(.resize(attributes), required: 2)
    }

    private func readCoordinates(_ attributes: inout ResizeAttributes) throws(ONNXProblem) {
        switch try string("coordinate_transformation_mode", default: "half_pixel") {
        case "half_pixel": attributes.coordinates = .halfPixel
        case "pytorch_half_pixel": attributes.coordinates = .pytorchHalfPixel
        case "align_corners": attributes.coordinates = .alignCorners
        case "asymmetric": attributes.coordinates = .asymmetric
        case "tf_half_pixel_for_nn": attributes.coordinates = .halfPixelForNearest
        case let other: throw .unsupported("coordinate_transformation_mode \(other)")
        }
        switch try string("nearest_mode", default: "round_prefer_floor") {
        case "round_prefer_floor", "": attributes.rounding = .preferFloor
        case "round_prefer_ceil": attributes.rounding = .preferCeiling
        case "floor": attributes.rounding = .floor
        case "ceil": attributes.rounding = .ceiling
        case let other: throw .malformed("nearest_mode is '\(other)'")
        }
        attributes.axes = try integers("axes")
        guard try integer("antialias", default: 0) == 0 || !attributes.isLinear else { throw .unsupported("with antialias") }
        let policy = try string("keep_aspect_ratio_policy", default: "stretch")
        guard policy == "stretch" || !hasInput(3) else { throw .unsupported("keep_aspect_ratio_policy \(policy)") }
    }
}
