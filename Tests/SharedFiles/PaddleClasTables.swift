import Foundation

/// arch_compact.json of the shared folder: what PaddleClas 2.6.0 builds for each name.
package struct PaddleClasTables: Decodable {
    package struct Block: Decodable {
        package let kernel, inC, expansion, outC, stride: Int
        package let act: String
        package let seSqueeze: Int?
        package let shortcut: Bool
    }

    package struct StateTensor: Decodable {
        package let key: String
        package let shape: [Int]
    }

    package struct Stem: Decodable {
        package let outC: Int
    }

    package struct Model: Decodable {
        package let stem: Stem
        package let blocks: [Block]
        package let paramsTrainable, paramsWithBnStats, macs: Int
        package let stateDict: [StateTensor]
    }

    package let models: [String: Model]

    package static func load() throws -> PaddleClasTables {
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
        package let stringValue: String
        var intValue: Int? { nil }

        init(_ value: String) { stringValue = value }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
