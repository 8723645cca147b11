import Foundation
import SwiftletQuantization

/// Ceilings on what a run may take, unless `--allow-large` lifts them.
enum WorkLimits {
    /// Multiply-accumulates, or values that pools and element-wise operators read, of one picture: minutes on a fast machine.
    static let operations = 1e12
    /// The longest calibration: a week.
    static let seconds = 7.0 * 86_400

    /// - Throws: when one picture is more than a run may take.
    static func check(operations: Double, _ file: String) throws(ToolError) {
        guard operations > Self.operations else { return }
        let figure = String(format: "%.1e operations a picture, more than %.0e", operations, Self.operations)
        throw .badInput("\(file): \(figure); use a smaller input, or --allow-large to insist")
    }

    /// - Throws: when a calibration takes more than there is.
    static func check(_ estimate: RunEstimate, _ file: String) throws(ToolError) {
        try check(operations: estimate.operations, file)
        let advice = "take fewer --samples or --threads, or --allow-large to insist"
        if estimate.seconds > seconds {
            throw .badInput("\(file): it would take \(estimate.text), more than \(RunEstimate.time(seconds)); \(advice)")
        }
        if let available = MachineMemory.available, estimate.memory > available {
            let there = RunEstimate.size(available)
            throw .badInput("\(file): it would take \(estimate.text), but \(there) of memory are available; \(advice)")
        }
        if let left = MachineMemory.addressSpace, estimate.memory + estimate.temporary > left {
            let there = RunEstimate.size(left)
            throw .failed("\(file): it would take \(estimate.text), but ulimit -v leaves \(there) of address space; \(advice)")
        }
        if estimate.temporary > 0, access(temporaryFolder, W_OK | X_OK) != 0 {
            let reason = String(cString: strerror(errno))
            throw .failed("no temporary files in \(temporaryFolder): \(reason); set TMPDIR to a folder with room, or take fewer --samples")
        }
        if let room = RunEstimate.temporaryRoom, estimate.temporary > room.bytes {
            throw .failed(
                "\(file): it would take \(estimate.text), but \(room.folder) has room for \(RunEstimate.size(room.bytes)); "
                    + "set TMPDIR to a folder with more, or take fewer --samples")
        }
    }
}
