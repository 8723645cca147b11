import SwiftletGraph

/// The mean and deviation that are left for pictures where a network scales its input by itself.
struct InputNormalization {
    /// Nil where nobody said it and the network does not tell.
    let mean: [Float]?
    let std: [Float]?
    /// What was found, as one line; nil where there is nothing to say.
    let note: String?

    /// What may differ from the network's own constants that were rounded for a recipe.
    private static let tolerance = 0.02

    /// - Parameters:
    ///   - asked: mean and deviation in pixel units, as far as somebody said them.
    ///   - source: who said them, as errors name it.
    ///   - model: the model's file, as the note names it.
    /// - Throws: where pictures would be normalized twice, or not as the network needs it.
    init(_ asked: PreprocessingWish, from source: String, _ network: Network, model: String) throws(ToolError) {
        let (scaling, channels) = (network.inputScaling, network.tensors[network.input].channels)
        guard scaling.expectation != .unknown else {
            (mean, std, note) = (asked.mean, asked.std, nil)
            return
        }
        let one: Float = scaling.expectation == .pixels ? 1 : 255
        let rest = (mean: [Float](repeating: 0, count: channels), std: [Float](repeating: one, count: channels))
        let own = InputNormalization.description(scaling)
        let left = "mean 0 and std \(one.plainText) are left for pictures"
        guard asked.mean != nil || asked.std != nil else {
            (mean, std) = (rest.mean, rest.std)
            note = "\(model): \(own), so \(left)"
            return
        }
        let given = (mean: asked.mean ?? rest.mean, std: asked.std ?? rest.std)
        let isRest = given.mean == rest.mean && given.std == rest.std
        if !isRest, InputNormalization.repeats(scaling, asked, unit: Double(one)) {
            (mean, std) = (rest.mean, rest.std)
            note = "\(model): \(own), the same as in \(source): it is done once, and \(left)"
        } else if isRest || !scaling.takesIntegers && scaling.suits(mean: given.mean, std: given.std) {
            (mean, std, note) = (given.mean, given.std, nil)
        } else {
            let values = "mean \(given.mean.plainText) and std \(given.std.plainText)"
            throw .badInput("\(source): \(values), but \(own): leave mean and std out, or give what pictures need before that")
        }
    }

    /// Whether what somebody said is what the network does by itself.
    private static func repeats(_ scaling: InputScaling, _ asked: PreprocessingWish, unit: Double) -> Bool {
        func agree(_ values: [Float]?, _ own: [Double]) -> Bool {
            guard let values else { return true }
            return values.indices.allSatisfy { index in
                let wanted = own[own.count == 1 ? 0 : index] * unit
                return abs(Double(values[index]) - wanted) <= tolerance * max(1, abs(wanted))
            }
        }
        let isIdentity = scaling.mean.allSatisfy { $0 == 0 } && scaling.std.allSatisfy { $0 == 1 }
        return !isIdentity && agree(asked.mean, scaling.mean) && agree(asked.std, scaling.std)
    }

    private static func description(_ scaling: InputScaling) -> String {
        let isIdentity = scaling.mean.allSatisfy { $0 == 0 } && scaling.std.allSatisfy { $0 == 1 }
        let input = scaling.takesIntegers ? "takes pixels as integers" : "takes \(scaling.expectation == .pixels ? "pixels" : "0 to 1")"
        let constants = "(x - \(text(scaling.mean))) / \(text(scaling.std))"
        return "the network \(input)" + (isIdentity ? "" : " and does \(constants) by itself")
    }

    private static func text(_ values: [Double]) -> String {
        let texts = values.map { Float($0).shortText }
        return Set(texts).count == 1 ? texts[0] : "[\(texts.joined(separator: ", "))]"
    }
}
