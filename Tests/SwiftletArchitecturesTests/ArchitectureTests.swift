import SharedFiles
import SwiftletArchitectures
import SwiftletRuntime
import XCTest

final class ArchitectureTests: XCTestCase {
    func testEveryNameHasAnArchitecture() throws {
        XCTAssertEqual(Architecture.names.count, 18)
        XCTAssertEqual(Set(Architecture.names).count, 18)
        for name in Architecture.names { XCTAssertEqual(Architecture.named(name)?.name, name) }
        XCTAssertNil(Architecture.named("MobileNetV3_large_x2_0"))
    }

    /// PaddleClas' documentation (5.47 M, 1.66 M parameters), torchvision's (5,483,032, 2,542,856 and 3,504,872) and the checkpoint of
    /// EfficientNet-Lite0.
    func testPublishedCosts() throws {
        let published: [(String, parameters: Int, macs: Int)] = [
            ("MobileNetV3_large_x1_0", 5_480_206, 219_799_200), ("MobileNetV3_small_x0_35", 1_665_954, 13_161_528),
            ("MobileNetV3_small_x1_0_ssld", 2_939_958, 60_119_520), ("MobileNetV3_large_x1_0_ssld_int8", 5_480_206, 219_799_200),
            ("mobilenet_v3_large", 5_483_032, 216_589_760), ("mobilenet_v3_small", 2_542_856, 56_510_400),
            ("mobilenet_v2", 3_504_872, 300_774_272), ("efficientnet_lite0", 4_652_008, 385_187_552),
        ]
        for (name, parameters, macs) in published {
            let cost = try XCTUnwrap(Architecture.named(name)).cost
            XCTAssertEqual(cost.parameters, parameters, name)
            XCTAssertEqual(cost.macs, macs, name)
        }
    }

    func testTablesAreThoseOfPaddleClas() throws {
        let tables = try PaddleClasTables.load()
        XCTAssertEqual(tables.models.count, 10)
        for (name, model) in tables.models {
            let architecture = try XCTUnwrap(Architecture.named(name))
            XCTAssertEqual(architecture.cost.parameters, model.paramsTrainable, name)
            XCTAssertEqual(architecture.cost.parametersWithStatistics, model.paramsWithBnStats, name)
            XCTAssertEqual(architecture.cost.macs, model.macs, name)
            XCTAssertEqual(architecture.stem, model.stem.outC, name)
            XCTAssertEqual(architecture.blocks.count, model.blocks.count, name)
            for (index, (block, expected)) in zip(architecture.blocks, model.blocks).enumerated() {
                let place = "\(name), block \(index)"
                XCTAssertEqual(block.kernel, expected.kernel, place)
                XCTAssertEqual(block.inputs, expected.inC, place)
                XCTAssertEqual(block.expansion, expected.expansion, place)
                XCTAssertEqual(block.outputs, expected.outC, place)
                XCTAssertEqual(block.stride, expected.stride, place)
                XCTAssertEqual(block.squeezed, expected.seSqueeze, place)
                XCTAssertEqual(block.activation, expected.act == "relu" ? .relu : .hardSwish, place)
                XCTAssertEqual(block.hasShortcut, expected.shortcut, place)
                XCTAssertTrue(block.hasExpansion, place)
            }
        }
    }

    /// The distilled names share tables with the plain ones.
    func testSameLayers() throws {
        for (name, plain) in [
            ("MobileNetV3_small_x0_35_ssld", "MobileNetV3_small_x0_35"), ("MobileNetV3_large_x1_0_ssld", "MobileNetV3_large_x1_0"),
        ] {
            XCTAssertEqual(Architecture.named(name)?.cost, Architecture.named(plain)?.cost)
        }
    }
}
