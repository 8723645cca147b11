import Foundation
import SwiftletRuntime
import XCTest

final class ProcessorSpeedsTests: XCTestCase {
    private var folder = URL(fileURLWithPath: "/")

    override func setUpWithError() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("processors-" + UUID().uuidString)
    }

    override func tearDownWithError() throws { try FileManager.default.removeItem(at: folder) }

    /// Speeds of processors 0, 1, ... whose `name` the kernel gives as `numbers`.
    private func speeds(_ name: String, _ numbers: [Int]) throws -> ProcessorSpeeds {
        for (processor, number) in numbers.enumerated() {
            let file = folder.appendingPathComponent("cpu\(processor)/\(name)")
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try "\(number)\n".write(to: file, atomically: true, encoding: .utf8)
        }
        return ProcessorSpeeds(of: numbers.indices.map { Int32($0) }, folder: folder.path)
    }

    func testCapacitiesDifferByHalf() throws {
        for (numbers, differ) in [
            ([1024, 1024], false), ([871, 871, 871, 1024], false), ([683, 1024], false), ([682, 1024], true),
            ([382, 382, 1024, 1024], true),
        ] {
            let speeds = try speeds("cpu_capacity", numbers)
            XCTAssertEqual(speeds.values, numbers)
            XCTAssertEqual(speeds.differ, differ, "\(numbers)")
        }
    }

    func testAnyDifferenceOfFrequenciesCounts() throws {
        for (numbers, differ) in [([1_800_000, 1_800_000], false), ([1_800_000, 1_900_000], true)] {
            let speeds = try speeds("cpufreq/cpuinfo_max_freq", numbers)
            XCTAssertEqual(speeds.values, numbers)
            XCTAssertEqual(speeds.differ, differ, "\(numbers)")
        }
    }

    func testAKernelThatTellsNothing() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let speeds = ProcessorSpeeds(of: [0, 1], folder: folder.path)
        XCTAssertEqual(speeds.values, [0, 0])
        XCTAssertFalse(speeds.differ)
    }
}
