import ArgumentParser
import SwiftletQuantization
import SwiftletRuntime

/// How pictures become the model's input; stored in the .slet file.
struct PreprocessingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Subtracted from pixels (0 to 255; values in 0 to 1 are scaled), in the order of --channels.", valueName: "R,G,B|V"))
    var mean: ChannelValues?

    @Option(help: ArgumentHelp("Pixels are divided by it after the mean is gone.", valueName: "R,G,B|V"))
    var std: ChannelValues?

    @Option(help: ArgumentHelp("Shorter side, or exact size; also a model's input size where it has none.", valueName: "N|HEIGHTxWIDTH"))
    var resize: PictureSize?

    @Option(help: ArgumentHelp("Center crop after resizing.", valueName: "N|HEIGHTxWIDTH"))
    var crop: PictureSize?

    @Option(help: "How pictures are resized.")
    var interpolation: Preprocessing.Interpolation?

    @Option(help: "The order of channels that the model takes; gray where it takes one.")
    var channels: Preprocessing.ChannelOrder?

    @Flag(help: "The same as --channels bgr.")
    var bgr = false

    func validate() throws {
        if bgr, channels ?? .bgr != .bgr { throw ValidationError("--bgr and --channels contradict each other") }
        do {
            try ChannelValues.check(mean: mean?.values, std: std?.values, "--")
        } catch {
            throw ValidationError(error.message)
        }
    }

    var wanted: PreprocessingWish {
        PreprocessingWish(
            mean: mean?.values, std: std?.values, resize: resize, crop: crop, interpolation: interpolation, channels: bgr ? .bgr : channels)
    }
}

/// Preprocessing as far as somebody said it: the command line, a recipe, a file beside the model.
struct PreprocessingWish {
    var mean: [Float]?
    var std: [Float]?
    var resize: PictureSize?
    var crop: PictureSize?
    var interpolation: Preprocessing.Interpolation?
    var channels: Preprocessing.ChannelOrder?

    /// These wishes, and `other`'s where there are none.
    func filled(from other: PreprocessingWish) -> PreprocessingWish {
        // A size is one wish: a crop belongs to the resizing that it was chosen with.
        let ownsSize = resize != nil || crop != nil
        return PreprocessingWish(
            mean: mean ?? other.mean, std: std ?? other.std, resize: ownsSize ? resize : other.resize, crop: ownsSize ? crop : other.crop,
            interpolation: interpolation ?? other.interpolation, channels: channels ?? other.channels)
    }

    /// What of the sizes and the interpolation these wishes would add to `asked`, as the options that say the same; empty when nothing.
    func resizing(missingIn asked: PreprocessingWish) -> String {
        let added = asked.filled(from: self)
        var options: [String] = []
        if asked.resize == nil, let resize = added.resize { options.append("--resize \(resize)") }
        if asked.crop == nil, let crop = added.crop { options.append("--crop \(crop)") }
        if asked.interpolation == nil, let interpolation = added.interpolation { options.append("--interpolation \(interpolation.name)") }
        return options.joined(separator: " ")
    }

    /// The input size that a model without one of its own is given.
    var inputSize: (height: Int, width: Int)? {
        if let crop { return crop.square }
        if case .exact(let height, let width)? = resize { return (height, width) }
        return nil
    }
}

extension PreprocessingWish {
    /// All but the sizes, which follow from the model's input.
    init(usual preprocessing: Preprocessing) {
        self.init(
            mean: preprocessing.mean, std: preprocessing.std, interpolation: preprocessing.interpolation,
            channels: preprocessing.channelOrder)
    }

    /// A recipe's part, whose text fields mean what the options of the same names do.
    init(_ recipe: Recipe.Preprocessing, file: String) throws(ToolError) {
        func parse<Value: ExpressibleByArgument>(_ text: String?, _ key: String) throws(ToolError) -> Value? {
            guard let text else { return nil }
            guard let value = Value(argument: text) else {
                throw .badInput("\(file): preprocessing.\(key) is '\(text)'; see quantize --help for --\(key)")
            }
            return value
        }
        try ChannelValues.check(mean: recipe.mean, std: recipe.std, "\(file): preprocessing.")
        self.init(
            mean: recipe.mean, std: recipe.std, resize: try parse(recipe.resize, "resize"), crop: try parse(recipe.crop, "crop"),
            interpolation: try parse(recipe.interpolation, "interpolation"), channels: try parse(recipe.channels, "channels"))
    }
}
