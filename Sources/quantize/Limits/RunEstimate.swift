import CPlatform
import Foundation
import SwiftletGraph
import SwiftletQuantization

/// What a conversion takes: the calibration, its pictures' pixels, and what is measured on them afterwards.
struct RunEstimate {
    let operations: Double
    let seconds: Double
    /// Bytes.
    let memory: Double
    let temporary: Double
    private let pictures: Int
    private let threads: Int

    /// - Parameters:
    ///   - pixelBytes: of each picture's pixels, which are held; 0 when pictures are made as they are needed.
    ///   - measures: whether layers are measured one by one afterwards, for a report or for `--max-loss`.
    init(_ network: Network, pictures: Int, pixelBytes: Int, settings: QuantizationSettings, threads: Int, measures: Bool) {
        let speed = MeasuredSpeed(processors: Int(sp_cpu_count()))
        let calibration = CalibrationEstimate(network, pictures: pictures, settings: settings, threads: threads, speed: speed)
        let pixels = PixelStore.size(pictures: pictures, bytes: pixelBytes)
        operations = calibration.operations
        let measured = Double(network.layers.count * min(pictures, Sensitivity.pictures) + 2 * pictures)
        // Calibrations on three quarters of the pictures tell whether the first one fits others, too.
        let repeats = HeldOutChoice.isNeeded(settings, pictures: pictures) ? 1 + 0.75 * Double(HeldOutChoice.folds(pictures: pictures)) : 1
        seconds = calibration.seconds * repeats + (measures ? measured * operations / speed.products : 0)
        memory = calibration.memory + pixels.memory
        temporary = calibration.temporary + pixels.temporary
        (self.pictures, self.threads) = (pictures, threads)
    }

    /// What it would take, in words.
    var text: String {
        let files = temporary > 0 ? " and \(RunEstimate.size(temporary)) of temporary files" : ""
        let run = "(\(pictures) pictures, \(threads) threads)"
        return "about \(RunEstimate.time(seconds)), \(RunEstimate.size(memory)) of memory\(files) \(run)"
    }

    static func time(_ seconds: Double) -> String {
        switch seconds {
        case ..<90: String(format: "%.0f s", max(1, seconds))
        case ..<5400: String(format: "%.0f minutes", seconds / 60)
        case ..<(2 * 86_400): String(format: "%.0f hours", seconds / 3600)
        default: String(format: "%.3g days", seconds / 86_400)
        }
    }

    static func size(_ bytes: Double) -> String {
        bytes < 1e9 ? String(format: "%.0f MB", bytes / 1e6) : String(format: "%.3g GB", bytes / 1e9)
    }

    /// Where temporary files go, and what is free there; nil where that is unknown.
    static var temporaryRoom: (folder: String, bytes: Double)? {
        var status = statvfs()
        guard statvfs(temporaryFolder, &status) == 0 else { return nil }
        return (temporaryFolder, Double(status.f_bavail) * Double(status.f_frsize))
    }
}
