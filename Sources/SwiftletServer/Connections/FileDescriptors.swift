import Foundation

/// How many files and connections this process may have open.
enum FileDescriptors {
    /// What is left for models, logs and the system.
    static let reserved = 128

    /// Raises the limit to what the system allows without rights.
    /// - Returns: the limit that holds then.
    static func raiseLimit() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1_024 }
        let soft = limit.rlim_cur
        limit.rlim_cur = limit.rlim_max
        guard setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return Int(clamping: soft) }
        return Int(clamping: limit.rlim_cur)
    }
}
