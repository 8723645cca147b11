import Foundation

/// Where a path leads: a file, or the place in a folder where there is none yet. Paths that look different may lead to one place.
struct FilePlace {
    /// The folder's path, links followed.
    let folder: String
    let exists: Bool
    /// Device and inode of the file, or of the folder where there is no file.
    private let device: dev_t
    private let inode: ino_t
    /// In the folder.
    private let name: String

    /// As many links as the system follows before it calls them a loop.
    private static let mostLinks = 40

    /// Nil where there is no such folder, `errno` saying why.
    init?(_ path: String) {
        guard let resolved = FilePlace.followed(path) else { return nil }
        let slash = resolved.lastIndex(of: "/")
        name = String(slash.map { resolved[resolved.index(after: $0)...] } ?? resolved[...])
        folder = slash.map { $0 == resolved.startIndex ? "/" : String(resolved[..<$0]) } ?? "."
        var status = stat()
        exists = stat(resolved, &status) == 0
        guard exists || stat(folder, &status) == 0 else { return nil }
        (device, inode) = (status.st_dev, status.st_ino)
    }

    func isSame(as other: FilePlace) -> Bool {
        exists == other.exists && device == other.device && inode == other.inode && (exists || name == other.name)
    }

    /// The path, as long as it names a link the link's target, which may not exist.
    private static func followed(_ path: String) -> String? {
        var path = path
        for _ in 0..<mostLinks {
            var target = [CChar](repeating: 0, count: Int(PATH_MAX))
            let count = readlink(path, &target, target.count)
            guard count >= 0 else { return path }
            guard let text = String(validating: target[..<count], as: UTF8.self) else {
                errno = EILSEQ
                return nil
            }
            let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
            path = text.hasPrefix("/") ? text : folder + text
        }
        errno = ELOOP
        return nil
    }
}
