/// A recipe file (Calibration/*.json): everything that decides a quantized model but the files themselves. Calibration/README.md describes
/// the keys.
///
/// Whatever is absent is left to the command line or to the tool's defaults.
package struct Recipe: Sendable, Codable, Equatable {
    package struct Calibration: Sendable, Codable, Equatable {
        /// A folder of pictures or a list of them, relative to the recipe.
        package var pictures: String?
        /// How many, evenly spaced over the list.
        package var samples: Int?

        private enum CodingKeys: String, CodingKey, CaseIterable { case pictures, samples }

        package init(from decoder: any Decoder) throws {
            try decoder.requireKnownKeys(CodingKeys.self)
            let values = try decoder.container(keyedBy: CodingKeys.self)
            pictures = try values.decodeIfPresent(String.self, forKey: .pictures)
            samples = try values.decodeIfPresent(Int.self, forKey: .samples)
        }
    }

    package struct Preprocessing: Sendable, Codable, Equatable {
        /// "256" (shorter side) or "224x224" (height x width), as `--resize`.
        package var resize: String?
        /// "224" or "48x192", as `--crop`.
        package var crop: String?
        /// As `--interpolation`.
        package var interpolation: String?
        /// In pixel units, 0 to 255.
        package var mean: [Float]?
        package var std: [Float]?
        /// "rgb" or "bgr".
        package var channels: String?

        private enum CodingKeys: String, CodingKey, CaseIterable { case resize, crop, interpolation, mean, std, channels }

        package init(from decoder: any Decoder) throws {
            try decoder.requireKnownKeys(CodingKeys.self)
            let values = try decoder.container(keyedBy: CodingKeys.self)
            resize = try values.decodeIfPresent(String.self, forKey: .resize)
            crop = try values.decodeIfPresent(String.self, forKey: .crop)
            interpolation = try values.decodeIfPresent(String.self, forKey: .interpolation)
            mean = try values.decodeIfPresent([Float].self, forKey: .mean)
            std = try values.decodeIfPresent([Float].self, forKey: .std)
            channels = try values.decodeIfPresent(String.self, forKey: .channels)
        }
    }

    package var name: String
    /// For the reader.
    package var description: String?
    /// A model file, relative to the recipe.
    package var model: String?
    /// A built-in architecture, as `--arch`.
    package var architecture: String?
    /// A weights file for it, relative to the recipe.
    package var weights: String?
    package var calibration: Calibration?
    package var preprocessing: Preprocessing?
    package var settings: QuantizationSettings

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case name, description, model, architecture, weights, calibration, preprocessing, settings
    }

    /// Unknown keys are errors at every level.
    package init(from decoder: any Decoder) throws {
        try decoder.requireKnownKeys(CodingKeys.self)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        name = try values.decode(String.self, forKey: .name)
        description = try values.decodeIfPresent(String.self, forKey: .description)
        model = try values.decodeIfPresent(String.self, forKey: .model)
        architecture = try values.decodeIfPresent(String.self, forKey: .architecture)
        weights = try values.decodeIfPresent(String.self, forKey: .weights)
        calibration = try values.decodeIfPresent(Calibration.self, forKey: .calibration)
        preprocessing = try values.decodeIfPresent(Preprocessing.self, forKey: .preprocessing)
        settings = try values.decodeIfPresent(QuantizationSettings.self, forKey: .settings) ?? .balanced
    }
}
