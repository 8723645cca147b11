extension Architecture {
    /// All built-in names: PaddleClas' fourteen, torchvision's three, EfficientNet-Lite0.
    package static var names: [String] { catalog.map { $0.name } }

    /// The architecture called `name`; nil when there is none.
    package static func named(_ name: String) -> Architecture? {
        // Bytes are compared because the boards have no tables for Unicode's equality.
        guard let entry = catalog.first(where: { $0.name.utf8.elementsEqual(name.utf8) }) else { return nil }
        switch entry.kind {
        case .paddleClas(let size, let width): return MobileNetV3.paddleClas(size, width: width, name: entry.name)
        case .torchvision(let size): return MobileNetV3.torchvision(size, name: entry.name)
        case .mobileNetV2: return MobileNetV2.torchvision(name: entry.name)
        case .efficientNetLite0: return EfficientNetLite.lite0(name: entry.name)
        }
    }

    private enum Kind {
        case paddleClas(MobileNetV3.Size, width: Double)
        case torchvision(MobileNetV3.Size)
        case mobileNetV2
        case efficientNetLite0
    }

    private static var catalog: [(name: String, kind: Kind)] {
        [
            ("MobileNetV3_large_x1_25", .paddleClas(.large, width: 1.25)),
            ("MobileNetV3_large_x1_0", .paddleClas(.large, width: 1)),
            ("MobileNetV3_large_x0_75", .paddleClas(.large, width: 0.75)),
            ("MobileNetV3_large_x0_5", .paddleClas(.large, width: 0.5)),
            ("MobileNetV3_large_x0_35", .paddleClas(.large, width: 0.35)),
            ("MobileNetV3_small_x1_25", .paddleClas(.small, width: 1.25)),
            ("MobileNetV3_small_x1_0", .paddleClas(.small, width: 1)),
            ("MobileNetV3_small_x0_75", .paddleClas(.small, width: 0.75)),
            ("MobileNetV3_small_x0_5", .paddleClas(.small, width: 0.5)),
            ("MobileNetV3_small_x0_35", .paddleClas(.small, width: 0.35)),
            // Distilled (SSLD) and quantized weights have the layers of the plain networks.
            ("MobileNetV3_small_x0_35_ssld", .paddleClas(.small, width: 0.35)),
            ("MobileNetV3_large_x1_0_ssld", .paddleClas(.large, width: 1)),
            ("MobileNetV3_large_x1_0_ssld_int8", .paddleClas(.large, width: 1)),
            ("MobileNetV3_small_x1_0_ssld", .paddleClas(.small, width: 1)),
            ("mobilenet_v3_large", .torchvision(.large)),
            ("mobilenet_v3_small", .torchvision(.small)),
            ("mobilenet_v2", .mobileNetV2),
            ("efficientnet_lite0", .efficientNetLite0),
        ]
    }
}
