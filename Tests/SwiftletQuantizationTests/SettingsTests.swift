import Foundation
import SwiftletQuantization
import XCTest

final class SettingsTests: XCTestCase {
    private func decode<Value: Decodable>(_ type: Value.Type, _ json: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(json.utf8))
    }

    func testKeysLeftOutKeepTheirDefault() throws {
        XCTAssertEqual(try decode(QuantizationSettings.self, "{}"), QuantizationSettings())
        XCTAssertEqual(
            try decode(
                QuantizationSettings.self, #"{"ranges": "crossValidated", "rounding": "secondOrder", "floatLayers": ["a"], "seed": 7}"#),
            QuantizationSettings(ranges: .crossValidated, rounding: .secondOrder, floatLayers: ["a"], seed: 7))
    }

    func testSettingsSurviveEncoding() throws {
        for settings in [QuantizationSettings.fast, .balanced, .best, QuantizationSettings(bias: .none, perChannel: false)] {
            XCTAssertEqual(try JSONDecoder().decode(QuantizationSettings.self, from: try JSONEncoder().encode(settings)), settings)
        }
    }

    func testMisspeltKeysAndValuesAreErrors() {
        for json in [#"{"range": "minMax"}"#, #"{"ranges": "minmax"}"#, #"{"seed": -1}"#] {
            XCTAssertThrowsError(try decode(QuantizationSettings.self, json), json)
        }
        for json in [#"{"name": "a", "modle": "x"}"#, #"{"name": "a", "preprocessing": {"size": "224"}}"#, "{}"] {
            XCTAssertThrowsError(try decode(Recipe.self, json), json)
        }
    }

    func testPresetsHaveNames() {
        XCTAssertEqual(QuantizationSettings.preset(named: "best"), .best)
        XCTAssertNil(QuantizationSettings.preset(named: "Best"))
    }

    func testTheRecipesOfTheRepository() throws {
        let folder = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../Calibration").standardizedFileURL
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil).filter {
            $0.pathExtension == "json"
        }
        XCTAssertGreaterThanOrEqual(files.count, 3)
        for file in files {
            let recipe = try JSONDecoder().decode(Recipe.self, from: try Data(contentsOf: file))
            XCTAssertEqual(recipe.name, file.deletingPathExtension().lastPathComponent)
            XCTAssertEqual(recipe.preprocessing?.mean?.count, 3, recipe.name)
            XCTAssertEqual(recipe.preprocessing?.std?.count, 3, recipe.name)
        }
    }
}
