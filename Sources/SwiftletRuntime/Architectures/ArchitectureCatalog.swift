extension Architecture {
    /// All built-in names: PaddleClas' fourteen, torchvision's two, EfficientNet-Lite0.
    public static var names: [String] {
        var names = [String]()
        for size in MobileNetV3.Size.allCases {
            for width in Width.allCases { names.append("MobileNetV3_\(size.label)_x\(width.label)") }
        }
        return names + [
            "MobileNetV3_small_x0_35_ssld", "MobileNetV3_large_x1_0_ssld", "MobileNetV3_large_x1_0_ssld_int8", "MobileNetV3_small_x1_0_ssld",
            "mobilenet_v3_large", "mobilenet_v3_small", "efficientnet_lite0",
        ]
    }

    /// The architecture called `name`; nil when there is none.
    public static func named(_ name: String) -> Architecture? {
        // By bytes: comparing strings would link Unicode's tables into the board's program.
        func matches(_ candidate: String) -> Bool { name.utf8.elementsEqual(candidate.utf8) }
        if matches("mobilenet_v3_large") { return MobileNetV3.torchvision(.large, name: name) }
        if matches("mobilenet_v3_small") { return MobileNetV3.torchvision(.small, name: name) }
        if matches("efficientnet_lite0") { return EfficientNetLite.lite0 }
        for size in MobileNetV3.Size.allCases {
            for width in Width.allCases {
                // Distilled (SSLD) and quantised weights of PaddleClas have the layers of the plain networks.
                let plain = "MobileNetV3_\(size.label)_x\(width.label)"
                for suffix in ["", "_ssld", "_ssld_int8"] where matches(plain + suffix) && names.contains(where: matches) {
                    return MobileNetV3.paddleClas(size, width: width, name: name)
                }
            }
        }
        return nil
    }

    /// Factor on all channel counts but the penultimate layer's.
    enum Width: CaseIterable {
        case x1_25, x1_0, x0_75, x0_5, x0_35

        var label: String {
            switch self {
            case .x1_25: "1_25"
            case .x1_0: "1_0"
            case .x0_75: "0_75"
            case .x0_5: "0_5"
            case .x0_35: "0_35"
            }
        }

        var factor: Double {
            switch self {
            case .x1_25: 1.25
            case .x1_0: 1
            case .x0_75: 0.75
            case .x0_5: 0.5
            case .x0_35: 0.35
            }
        }
    }

    /// `channels` scaled and rounded to a multiple of eight, never to less than nine tenths: `_make_divisible` of the MobileNets.
    static func divisible(_ channels: Double) -> Int {
        let rounded = max(8, Int(channels + 4) / 8 * 8)
        return Double(rounded) < 0.9 * channels ? rounded + 8 : rounded
    }
}
