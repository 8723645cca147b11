internal import CPlatform

/// A processor's second-level cache, as the kernel describes it.
enum ProcessorCaches {
    /// Where the kernel says nothing: a Cortex-A53's, a small x86's.
    private static let unknown = 512 << 10

    /// Bytes of the smallest second-level cache of some processors, each thread's share where threads share one.
    /// - Parameter folder: as of `ProcessorSpeeds`.
    static func secondLevel(of processors: [Int32], threads: Int, folder: UnsafePointer<CChar>? = nil) -> Int {
        let folder = folder ?? ProcessorSpeeds.folder
        var least = Int.max
        for processor in processors {
            let kibibytes = Int(sp_cpu_number(folder, processor, "cache/index2/size"))
            guard kibibytes > 0, sp_cpu_number(folder, processor, "cache/index2/level") == 2 else { return unknown }
            let first = sp_cpu_number(folder, processor, "cache/index2/shared_cpu_list")
            let sharing = processors.reduce(0) { $0 + (sp_cpu_number(folder, $1, "cache/index2/shared_cpu_list") == first ? 1 : 0) }
            least = min(least, kibibytes << 10 / max(1, min(threads, sharing)))
        }
        return least == Int.max ? unknown : least
    }
}
