import SwiftletRuntime

/// How a model's pictures are prepared, as rows of text and as JSON, in the words of `quantize`'s options.
enum PreprocessingText {
    static func rows(_ preprocessing: Preprocessing) -> [(String, String)] {
        let values = { (numbers: [Float]) in joined(numbers.map { fixed(Double($0), 3) }, ",") }
        return [
            ("resize", resize(preprocessing)), ("crop", crop(preprocessing)), ("interpolation", interpolation(preprocessing)),
            ("channels", channels(preprocessing)), ("mean", values(preprocessing.mean)), ("std", values(preprocessing.std)),
        ]
    }

    static func write(_ preprocessing: Preprocessing, to json: inout JSONWriter) {
        json.object { json in
            json.field("resize", resize(preprocessing))
            json.field("crop", crop(preprocessing))
            json.field("interpolation", interpolation(preprocessing))
            json.field("channels", channels(preprocessing))
            for (name, values) in [("mean", preprocessing.mean), ("std", preprocessing.std)] {
                json.key(name)
                json.array { json in
                    for value in values { json.value(Double(value), digits: 4) }
                }
            }
        }
    }

    private static func resize(_ preprocessing: Preprocessing) -> String {
        switch preprocessing.resize {
        case .none: "none"
        case .shorterSide(let side): "\(side)"
        case .exact(let height, let width): "\(height)x\(width)"
        }
    }

    private static func crop(_ preprocessing: Preprocessing) -> String {
        preprocessing.cropHeight == 0 ? "none" : "\(preprocessing.cropHeight)x\(preprocessing.cropWidth)"
    }

    private static func interpolation(_ preprocessing: Preprocessing) -> String {
        switch preprocessing.interpolation {
        case .opencvBilinear: "opencv-bilinear"
        case .pillowBilinear: "pillow-bilinear"
        case .pillowBicubic: "pillow-bicubic"
        }
    }

    private static func channels(_ preprocessing: Preprocessing) -> String {
        switch preprocessing.channelOrder {
        case .rgb: "rgb"
        case .bgr: "bgr"
        case .gray: "gray"
        }
    }
}
