import Foundation

/// A machine of two kinds of cores, told by a folder like the kernel's /sys/devices/system/cpu: processor 0 is the slow one.
struct BoardProcessors {
    private let scratch: Scratch

    /// - Parameter file: that tells the kinds apart, below each processor's folder.
    init(file: String = "cpu_capacity", slow: Int = 446, fast: Int = 1024) throws {
        scratch = try Scratch()
        for processor in 0..<ProcessInfo.processInfo.processorCount {
            let path = URL(fileURLWithPath: scratch.path("cpu\(processor)/\(file)"))
            try FileManager.default.createDirectory(at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
            try "\(processor == 0 ? slow : fast)\n".write(to: path, atomically: true, encoding: .utf8)
        }
    }

    /// What makes a tool believe it.
    var environment: [String: String] { ["SWIFTLET_SYS_CPU": scratch.folder] }
}
