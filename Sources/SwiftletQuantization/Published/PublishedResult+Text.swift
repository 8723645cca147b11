extension PublishedResult {
    /// What was done, a line each.
    package var lines: [String] {
        var lines = ["int8 as published: \(published) tensors on the model's own grids, \(derived) on the finest that hold their values"]
        if roundedOutputs > 0 {
            lines.append("weights of \(roundedOutputs) channels lie on no grid of -127 to 127 steps and were rounded to the nearest")
        }
        if !floatLayers.isEmpty {
            let names = floatLayers.prefix(4).joined(separator: ", ") + (floatLayers.count > 4 ? " …" : "")
            lines.append("\(floatLayers.count) layers in FP32, since the model has no grid for what they give: \(names)")
        }
        return lines
    }
}
