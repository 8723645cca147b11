import CPlatform
import Foundation
import XCTest

final class ConditionsTests: XCTestCase {
    private func conditions(_ files: [String: String]) throws -> sp_conditions {
        let root = NSTemporaryDirectory() + "/conditions-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: root) }
        for (path, text) in files {
            let file = URL(fileURLWithPath: root + path)
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        var result = sp_conditions()
        sp_read_conditions(root, &result)
        return result
    }

    func testNothingIsTold() throws {
        let result = try conditions([:])
        XCTAssertEqual([result.mhz, result.highest_mhz, result.temperature], [0, 0, -1])
        XCTAssertEqual([result.energy, result.power], [-1, -1])
        XCTAssertTrue(result.is_performance)
    }

    func testFilesOfABoard() throws {
        var files = [
            "/proc/loadavg": "1.25 0.5 0.1 1/100 99\n", "/proc/stat": "cpu  10 20 30 40 0 0 0 25 7 7\ncpu0 1 1 1\n",
            "/sys/class/thermal/thermal_zone0/temp": "41000\n", "/sys/class/thermal/thermal_zone3/temp": "63500\n",
            "/sys/class/powercap/intel-rapl:0/energy_uj": "5000000000\n", "/sys/class/powercap/intel-rapl:1/energy_uj": "7\n",
            "/sys/class/hwmon/hwmon2/power1_input": "2500000\n",
        ]
        for cpu in 0..<256 {
            let folder = "/sys/devices/system/cpu/cpu\(cpu)/cpufreq/"
            files[folder + "scaling_cur_freq"] = "1200000\n"
            files[folder + "cpuinfo_max_freq"] = "1800000\n"
            files[folder + "scaling_governor"] = "ondemand\n"
        }
        let result = try conditions(files)
        XCTAssertEqual([result.mhz, result.highest_mhz, result.temperature], [1200, 1800, 63500])
        XCTAssertFalse(result.is_performance)
        XCTAssertEqual([result.energy, result.power], [5_000_000_007, 2_500_000])
        XCTAssertEqual(result.load, 1.25)
        XCTAssertEqual([result.ticks, result.stolen_ticks], [125, 25])
    }
}
