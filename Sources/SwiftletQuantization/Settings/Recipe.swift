/// A recipe file (Calibration/*.json): everything that decides a quantized model but the files themselves. Calibration/README.md describes
/// the keys.
///
/// Whatever is absent is left to the command line or to the tool's defaults.
public struct Recipe: Sendable, Codable, Equatable {
    public struct Calibration: Sendable, Codable, Equatable {
        /// A folder of pictures or a list of them, relative to the recipe.
        public var pictures: String?
        /// How many, evenly spaced over the list.
        public var samples: Int?

        private enum CodingKeys: String, CodingKey, CaseIterable { case pictures, samples }

        public init(from decoder: any Decoder) throws {
            try decoder.requireKnownKeys(CodingKeys.self)
            let values = try decoder.container(keyedBy: CodingKeys.self)
            pictures = try values.decodeIfPresent(String.self, forKey: .pictures)
            samples = try values.decodeIfPresent(Int.self, forKey: .samples)
        }
    }

    public struct Preprocessing: Sendable, Codable, Equatable {
        /// "256" (shorter side) or "224x224" (height x width), as `--resize`.
        public var resize: String?
        /// "224" or "48x192", as `--crop`.
        public var crop: String?
        /// As `--interpolation`.
        public var interpolation: String?
        /// In pixel units, 0 to 255.
        public var mean: [Float]?
        public var std: [Float]?
        /// "rgb" or "bgr".
        public var channels: String?

        private enum CodingKeys: String, CodingKey, CaseIterable { case resize, crop, interpolation, mean, std, channels }

        public init(from decoder: any Decoder) throws {
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

    public var name: String
    /// For the reader.
    public var description: String?
    /// A model file, relative to the recipe.
    public var model: String?
    /// A built-in architecture, as `--arch`.
    public var architecture: String?
    /// A weights file for it, relative to the recipe.
    public var weights: String?
    public var calibration: Calibration?
    public var preprocessing: Preprocessing?
    public var settings: QuantizationSettings

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case name, description, model, architecture, weights, calibration, preprocessing, settings
    }

    /// Unknown keys are errors at every level.
    public init(from decoder: any Decoder) throws {
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
