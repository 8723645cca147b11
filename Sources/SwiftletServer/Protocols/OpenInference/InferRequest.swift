/// The JSON of an inference request of the Open Inference Protocol (KServe's and Triton's version 2).
struct InferRequest: Decodable {
    struct Input: Decodable {
        let name: String
        let datatype: String
        /// [pictures][channels][height][width], or [pictures] of encoded pictures.
        let shape: [Int]
        let parameters: Parameters?
        /// Nil where the values stand in the binary part.
        let data: FlatValues?
    }

    struct Output: Decodable {
        let name: String
        let parameters: Parameters?
    }

    /// Those that mean something here; others are passed over, as the protocol says.
    struct Parameters: Decodable {
        /// Bytes that an input takes of the binary part.
        let binarySize: Int?
        /// Whether an output goes into the binary part.
        let isBinary: Bool?
        /// The same for all outputs that do not say it.
        let binaryOutputs: Bool?
        /// How many classes an output is to be summed up by.
        let classification: Int?

        private enum CodingKeys: String, CodingKey {
            case binarySize = "binary_data_size"
            case isBinary = "binary_data"
            case binaryOutputs = "binary_data_output"
            case classification
        }
    }

    let id: String?
    let inputs: [Input]
    let outputs: [Output]?
    let parameters: Parameters?
}

/// Numbers of an array of arrays of any depth, in their order: the protocol takes a tensor's values flat or nested.
struct FlatValues: Decodable {
    let values: [Float]

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let flat = try? container.decode([Float].self) {
            values = flat
        } else {
            guard decoder.codingPath.count < 16 else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "arrays are nested too deeply")
            }
            values = try container.decode([FlatValues].self).flatMap(\.values)
        }
    }
}
