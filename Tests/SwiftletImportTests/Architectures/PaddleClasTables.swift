import Foundation

/// arch_compact.json of the shared folder: what PaddleClas 2.6.0 builds for each name.
struct PaddleClasTables: Decodable {
    struct Block: Decodable {
        let kernel, inC, expansion, outC, stride: Int
        let act: String
        let seSqueeze: Int?
        let shortcut: Bool
    }

    struct StateTensor: Decodable {
        let key: String
        let shape: [Int]
    }

    struct Stem: Decodable {
        let outC: Int
    }

    struct Model: Decodable {
        let stem: Stem
        let blocks: [Block]
        let paramsTrainable, paramsWithBnStats, macs: Int
        let stateDict: [StateTensor]
    }

    let models: [String: Model]

    static func load() throws -> PaddleClasTables {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .custom { path in
            let words = path.last!.stringValue.split(separator: "_")
            // Names of models are keys too; only lower-case ones are fields.
            guard path.last!.stringValue.first?.isLowercase == true else { return path.last! }
            return Key(words[0] + words.dropFirst().map(\.capitalized).joined())
        }
        return try decoder.decode(PaddleClasTables.self, from: Data(contentsOf: SharedFolder.file("paddle/arch_compact.json")))
    }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ value: String) { stringValue = value }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
