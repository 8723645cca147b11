import CPlatform
import Foundation

/// A folder's pictures with those of its subfolders. Names are bytes to the system: one that is not UTF-8 cannot be said in a list or a
/// message, and what it would be repaired to may be another file's. It is left out by name.
struct PictureFolder {
    /// Relative to the folder.
    private(set) var names: [String] = []
    /// What was left out, each with the reason.
    private(set) var leftOut: [ToolError] = []

    private static let suffixes: Set<String> = ["jpg", "jpeg", "png", "ppm", "pgm", "pnm"]

    /// - Throws: when the folder itself cannot be listed.
    init(_ path: String) throws(ToolError) {
        let error = list(path, below: "")
        guard error == 0 else { throw .badInput("\(path): cannot be listed: \(String(cString: sp_error_text(error)))") }
        names.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Links to folders are not followed, so that the walk ends.
    private mutating func list(_ root: String, below first: String) -> Int32 {
        var folders = [first]
        while let folder = folders.popLast() {
            let path = folder.isEmpty ? root : root + "/" + folder
            guard let directory = opendir(path) else {
                if folder.isEmpty { return errno }
                leftOut.append(.badInput("\(path): \(String(cString: sp_error_text(errno)))"))
                continue
            }
            defer { closedir(directory) }
            while let entry = readdir(directory) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) {
                        Array(UnsafeBufferPointer(start: $0, count: strlen($0) + 1))
                    }
                }
                let isFolder = isFolder(directory, name)
                let repaired = String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
                if repaired == "." || repaired == ".." { continue }
                let isPicture = Self.suffixes.contains((repaired as NSString).pathExtension.lowercased())
                guard isFolder || isPicture else { continue }
                guard let valid = String(validatingCString: name) else {
                    leftOut.append(.badInput("\(path)/\(repaired): its name is not UTF-8"))
                    continue
                }
                let relative = folder.isEmpty ? valid : folder + "/" + valid
                if isFolder { folders.append(relative) } else { names.append(relative) }
            }
        }
        return 0
    }

    private func isFolder(_ directory: OpaquePointer, _ name: [CChar]) -> Bool {
        var status = stat()
        return fstatat(dirfd(directory), name, &status, AT_SYMLINK_NOFOLLOW) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
