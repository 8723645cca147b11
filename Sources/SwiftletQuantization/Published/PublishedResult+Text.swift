extension PublishedResult {
    /// What was done, a line each.
    package var lines: [String] {
        let added = derived > 0 ? ", \(derived) on grids that were derived" : ""
        var lines = ["int8 as published: \(published) tensors on the model's own grids" + added]
        if roundedOutputs > 0 {
            lines.append("weights of \(roundedOutputs) channels lie on no grid of -127 to 127 steps and were rounded to the nearest")
        }
        if !floatLayers.isEmpty {
            let names = floatLayers.prefix(4).joined(separator: ", ") + (floatLayers.count > 4 ? " …" : "")
            let reason = "since what they make or read has no grid, or none that int8 kernels reach"
            lines.append("\(floatLayers.count) layers in FP32, \(reason): \(names)")
        }
        return lines
    }
}
