import Foundation

/// How much memory a process may still take, bytes.
enum MachineMemory {
    /// What the machine and the control groups of this process have left. Nil where the system does not tell.
    static var available: Double? {
        (ControlGroupMemory.available + [meminfo("/proc/meminfo", "MemAvailable:")]).compactMap(\.self).min()
    }

    /// What the process's own limit (`ulimit -v`) leaves of its address space; nil without a limit.
    static var addressSpace: Double? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur != rlim_t.max else { return nil }
        let pages = SystemFile.words("/proc/self/statm").first.flatMap(Double.init) ?? 0
        return max(0, Double(limit.rlim_cur) - pages * Double(getpagesize()))
    }

    /// A line such as `MemAvailable:  1234 kB`.
    private static func meminfo(_ file: String, _ key: String) -> Double? {
        let words = SystemFile.words(file)
        return words.firstIndex(of: key[...]).flatMap { words.indices.contains($0 + 1) ? Double(words[$0 + 1]) : nil }.map { $0 * 1024 }
    }
}

/// The memory limits of the control groups that this process is in, each with all above it.
private enum ControlGroupMemory {
    static var available: [Double?] {
        SystemFile.lines("/proc/self/cgroup").flatMap { line -> [Double?] in
            // `0::/path` of version 2, `4:memory:/path` of version 1.
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { return [] }
            if fields[0] == "0" {
                return groups("/sys/fs/cgroup", fields[2]).map { left($0, "memory.max", "memory.current", "inactive_file") }
            }
            guard fields[1].split(separator: ",").contains("memory") else { return [] }
            return groups("/sys/fs/cgroup/memory", fields[2])
                .map { left($0, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file") }
        }
    }

    /// The group's folder and those above it up to the root; where a container hides the path, the root is its own group's.
    private static func groups(_ root: String, _ path: Substring) -> [String] {
        var parts = path.split(separator: "/")[...]
        var folders = [root]
        while !parts.isEmpty {
            folders.append(root + "/" + parts.joined(separator: "/"))
            parts.removeLast()
        }
        return folders
    }

    /// The limit less what is used, files that can be read again apart.
    private static func left(_ folder: String, _ limit: String, _ usage: String, _ cached: String) -> Double? {
        guard let limit = SystemFile.words("\(folder)/\(limit)").first.flatMap(Double.init),
            let used = SystemFile.words("\(folder)/\(usage)").first.flatMap(Double.init)
        else { return nil }
        let statistics = SystemFile.words("\(folder)/memory.stat")
        let files = statistics.firstIndex(of: cached[...]).flatMap { Double(statistics[$0 + 1]) } ?? 0
        return max(0, limit - max(0, used - files))
    }
}

/// Small files of /proc and /sys.
private enum SystemFile {
    static func lines(_ path: String) -> [Substring] { text(path).split(separator: "\n") }
    static func words(_ path: String) -> [Substring] { text(path).split(whereSeparator: \.isWhitespace) }
    private static func text(_ path: String) -> String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }
}
