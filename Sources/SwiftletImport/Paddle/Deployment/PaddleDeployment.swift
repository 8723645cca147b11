import Foundation
import SwiftletRuntime
import Yams

/// What PaddleClas writes beside an inference model, `inference.yml`: under PreProcess the operators that make the input, under PostProcess
/// the names of the classes. OpenCV's resizing is what it means unless it says otherwise; sizes are width before height.
struct PaddleDeployment {
    /// Names of twenty thousand classes.
    static let largestFile = 1 << 20

    /// What PaddleClas' published models are trained with, but for the sizes: these follow from the model's input.
    static let usual = ModelConventions(
        source: nil,
        preprocessing: PicturePreparation(
            mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375], interpolation: .opencvBilinear, channelOrder: .rgb))
    /// Of models that leave their input's open, where no file says another.
    static let usualSize = (height: 224, width: 224)

    private var conventions: ModelConventions
    private let path: String

    static func read(_ bytes: [UInt8], _ path: String) throws -> ModelConventions {
        let root: Node?
        do {
            root = try compose(yaml: String(decoding: bytes, as: UTF8.self))
        } catch {
            throw PaddleError("not valid YAML: \(oneLine(error))", file: path)
        }
        var reader = PaddleDeployment(conventions: ModelConventions(source: path), path: path)
        try reader.readPreparation(root?["PreProcess"] ?? root?["Preprocess"])
        try reader.readLabels(root?["PostProcess"])
        return reader.conventions
    }

    private static func oneLine(_ error: any Error) -> String {
        "\(error)".split(whereSeparator: \.isNewline).first.map(String.init) ?? "it cannot be parsed"
    }

    // MARK: Preparation

    private mutating func readPreparation(_ node: Node?) throws {
        guard let operators = (node?["transform_ops"] ?? node)?.sequence else { return }
        for element in operators {
            guard let (name, arguments) = Self.operation(element) else { continue }
            switch name {
            case "DecodeImage":
                let isBGR = arguments?["img_mode"]?.string == "BGR" || arguments?["to_rgb"]?.bool == false
                conventions.preprocessing.channelOrder = isBGR ? .bgr : .rgb
            case "ResizeImage": try resize(arguments)
            case "CropImage": conventions.preprocessing.crop = try Self.size(arguments?["size"], path, name)
            case "NormalizeImage": try normalize(arguments)
            case "ClsResizeImg", "RecResizeImg": try resizeText(arguments)
            case "ToCHWImage", "KeepKeys", "ToTensor": break
            default: conventions.notUnderstood.append(name)
            }
        }
        if conventions.preprocessing.interpolation == nil { conventions.preprocessing.interpolation = .opencvBilinear }
    }

    /// `- Name: {…}`, or just `- Name`.
    private static func operation(_ element: Node) -> (name: String, arguments: Node?)? {
        if let name = element.string { return (name, nil) }
        guard let (key, value) = element.mapping?.first, let name = key.string else { return nil }
        return (name, value)
    }

    private mutating func resize(_ arguments: Node?) throws {
        if let side = arguments?["resize_short"]?.int {
            guard (1...65_500).contains(side) else { throw PaddleError("ResizeImage's resize_short is \(side)", file: path) }
            conventions.preprocessing.resize = .shorterSide(side)
        } else if let size = try arguments?["size"].map({ try Self.size($0, path, "ResizeImage") }) {
            conventions.preprocessing.resize = .exact(height: size.height, width: size.width)
        }
        let isPillow = arguments?["backend"]?.string?.lowercased() == "pil"
        switch (arguments?["interpolation"]?.string?.lowercased() ?? "bilinear", isPillow) {
        case ("bilinear", false): conventions.preprocessing.interpolation = .opencvBilinear
        case ("bilinear", true): conventions.preprocessing.interpolation = .pillowBilinear
        case ("bicubic", true): conventions.preprocessing.interpolation = .pillowBicubic
        case (let other, let isPillow): conventions.notUnderstood.append("\(other) of \(isPillow ? "Pillow" : "OpenCV")")
        }
    }

    /// Text classifiers take lines: this keeps their proportion and fills up with zeros, which there is nothing for.
    private mutating func resizeText(_ arguments: Node?) throws {
        let shape = arguments?["image_shape"]?.sequence?.compactMap(\.int) ?? []
        guard shape.count == 3, shape.allSatisfy({ (1...65_500).contains($0) }) else {
            throw PaddleError("image_shape is not three sizes", file: path)
        }
        conventions.preprocessing.resize = .exact(height: shape[1], width: shape[2])
        conventions.preprocessing.mean = [127.5, 127.5, 127.5]
        conventions.preprocessing.std = [127.5, 127.5, 127.5]
        conventions.notUnderstood.append("keeping a text line's proportion")
    }

    /// x * scale - mean, over std: in pixels, mean and std are divided by the scale.
    private mutating func normalize(_ arguments: Node?) throws {
        let scale = Self.scale(arguments?["scale"]) ?? 1 / 255
        let mean = try values(arguments?["mean"], "mean") ?? [0.485, 0.456, 0.406]
        let std = try values(arguments?["std"], "std") ?? [0.229, 0.224, 0.225]
        guard scale.isFinite, scale > 0 else { throw PaddleError("NormalizeImage's scale is no positive number", file: path) }
        // 0.00392157 is how configurations write 1/255.
        let unit = abs(scale * 255 - 1) < 1e-4 ? 255 : 1 / scale
        conventions.preprocessing.mean = mean.map { Float($0 * unit) }
        conventions.preprocessing.std = std.map { Float($0 * unit) }
    }

    /// A number, or what old configurations have: `1.0/255.0`.
    private static func scale(_ node: Node?) -> Double? {
        guard let node else { return nil }
        if let number = node.float { return number }
        let parts = node.string?.split(separator: "/").map { Double($0) } ?? []
        guard parts.count == 2, let over = parts[0], let under = parts[1] else { return .nan }
        return over / under
    }

    private func values(_ node: Node?, _ name: String) throws -> [Double]? {
        guard let node else { return nil }
        let values = node.sequence?.compactMap(\.float) ?? []
        guard values.count == 3, values.allSatisfy(\.isFinite) else {
            throw PaddleError("NormalizeImage's \(name) is not three numbers", file: path)
        }
        return values
    }

    /// One side, or width and height.
    private static func size(_ node: Node?, _ path: String, _ name: String) throws -> (height: Int, width: Int) {
        let sides = node?.int.map { [$0, $0] } ?? node?.sequence?.compactMap(\.int) ?? []
        guard sides.count == 2, sides.allSatisfy({ (1...65_500).contains($0) }) else {
            throw PaddleError("\(name)'s size is neither a number nor width and height", file: path)
        }
        return (sides[1], sides[0])
    }

    // MARK: Labels

    private mutating func readLabels(_ node: Node?) throws {
        guard let entries = node?.mapping else { return }
        for (name, arguments) in entries {
            guard let list = arguments["label_list"]?.sequence else {
                if let file = arguments["class_id_map_file"]?.string { conventions.notUnderstood.append("class_id_map_file \(file)") }
                continue
            }
            let labels = list.compactMap { $0.scalar?.string }
            guard labels.count == list.count else {
                throw PaddleError("the label_list of \(name.string ?? "PostProcess") holds other things than names", file: path)
            }
            conventions.labels = labels
        }
    }
}
