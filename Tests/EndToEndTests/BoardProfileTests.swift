import Foundation
import XCTest

/// The boards' profiles in Targets/ have what Targets/README.md says, so that who reads them need not check.
final class BoardProfileTests: XCTestCase {
    private struct Profile: Decodable {
        struct Cluster: Decodable {
            let core: String
            let count, mhz, l1dKib, l2Kib: Int
            let l2Shared: Bool
            let l3Kib: Int?
            let coreGbPerS: Double
        }
        struct Reference: Decodable {
            let model, precision, runtime, source: String
            let threads: Int
            let ms: Double
        }
        let name, soc, target: String
        let clusters: [Cluster]
        let isa: [String]
        let sources: [String: String]
        let memoryGbPerS: Double
        let reference: [Reference]
    }

    func testProfiles() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let files = try FileManager.default.contentsOfDirectory(at: root.appendingPathComponent("Targets"), includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "json" && !$0.lastPathComponent.hasSuffix(".toolset.json") }
        XCTAssertGreaterThanOrEqual(files.count, 11)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        for file in files {
            let name = file.lastPathComponent
            let profile = try decoder.decode(Profile.self, from: Data(contentsOf: file))
            XCTAssertTrue(["aarch64", "armv7"].contains(profile.target), name)
            XCTAssertFalse(profile.name.isEmpty || profile.soc.isEmpty || profile.clusters.isEmpty, name)
            XCTAssertEqual(profile.isa, Array(["neon", "neon_dotprod", "neon_i8mm"].prefix(profile.isa.count)), name)
            for figure in ["cores", "mhz", "caches", "isa", "memory_gb_per_s", "core_gb_per_s"] {
                XCTAssertNotEqual(profile.sources[figure] ?? "", "", "\(name): where \(figure) is from")
            }
            XCTAssertGreaterThan(profile.memoryGbPerS, 1, name)
            for cluster in profile.clusters {
                XCTAssertTrue(cluster.count > 0 && (500...4000).contains(cluster.mhz), name)
                XCTAssertTrue((1...profile.memoryGbPerS).contains(cluster.coreGbPerS), name)
                XCTAssertTrue(cluster.l1dKib >= 16 && cluster.l2Kib > cluster.l1dKib && cluster.l3Kib ?? .max > cluster.l2Kib, name)
            }
            XCTAssertEqual(profile.clusters.map(\.mhz), profile.clusters.map(\.mhz).sorted(by: >), name)
            for row in profile.reference {
                XCTAssertTrue(["fp32", "fp16", "int8"].contains(row.precision) && row.threads > 0 && row.ms > 0, name)
                XCTAssertTrue(row.model.hasPrefix("MobileNetV3_") && !row.source.isEmpty, name)
            }
        }
    }
}
