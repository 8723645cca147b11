internal import CPlatform

/// What each of some processors can do, in the kernel's own measure; only comparisons mean something.
package struct ProcessorSpeeds {
    /// In the order asked for; 0 where the kernel does not say.
    package let values: [Int]
    /// Whether some processors are so much slower than others that these should do more of the work.
    ///
    /// Parts small enough to be divided unequally cost several percent of the time, which pays where capacities differ by half: a
    /// Snapdragon 855's prime core and its three big ones (1024 and 871) are alike in this sense. Of frequencies any difference counts,
    /// since little cores' may be near big ones'.
    package let differ: Bool

    /// - Parameters:
    ///   - processors: their numbers.
    ///   - folder: where the kernel describes them; nil: `folder`.
    package init(of processors: [Int32], folder: UnsafePointer<CChar>? = nil) {
        let folder = folder ?? ProcessorSpeeds.folder
        let capacities = processors.map { Int(sp_cpu_number(folder, $0, "cpu_capacity")) }
        // Where there are no capacities, the highest frequency.
        let areFrequencies = capacities.contains(0)
        values = areFrequencies ? processors.map { Int(sp_cpu_number(folder, $0, "cpufreq/cpuinfo_max_freq")) } : capacities
        let (slowest, fastest) = (values.min() ?? 0, values.max() ?? 0)
        differ = areFrequencies ? fastest > slowest : 2 * fastest >= 3 * slowest
    }

    /// The processors that this process may use.
    package static func allowedProcessors() -> [Int32] {
        var numbers = [Int32](repeating: 0, count: 1024)
        return Array(numbers[..<Int(sp_cpus(&numbers, 1024))])
    }

    /// Where the kernel describes processors: /sys/devices/system/cpu, or what SWIFTLET_SYS_CPU names, by which tests describe other
    /// machines.
    static var folder: UnsafePointer<CChar> {
        if let named = sp_environment("SWIFTLET_SYS_CPU") { return named }
        return UnsafeRawPointer(("/sys/devices/system/cpu" as StaticString).utf8Start).assumingMemoryBound(to: CChar.self)
    }
}
