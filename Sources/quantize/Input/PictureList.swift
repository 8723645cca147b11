import Foundation

/// Pictures on disk, in a fixed order, with their classes where they are known.
struct PictureList {
    struct Entry {
        /// As the list has it, or relative to the folder.
        let name: String
        let path: String
        let label: Int?
    }

    private(set) var entries: [Entry]

    /// A folder with its subfolders, in order of the paths.
    static func folder(_ path: String) throws(ToolError) -> PictureList {
        let folder = try PictureFolder(path)
        UnreadablePictures.warn(folder.leftOut)
        guard !folder.names.isEmpty else { throw .badInput("\(path): no .jpg, .png or .ppm pictures in this folder") }
        return PictureList(entries: folder.names.map { Entry(name: $0, path: path + "/" + $0, label: nil) })
    }

    /// A CSV with the header `file,class`, or a text file with a path a line.
    /// - Parameter root: the folder that paths are relative to; nil: the list's own folder, or for a CSV the folder of the same name beside
    ///   it.
    static func list(_ path: String, root: String?) throws(ToolError) -> PictureList {
        let lines = try TextFile.lines(path)
        let hasClasses = lines.first == "file,class"
        let root = root ?? defaultRoot(path, hasClasses: hasClasses)
        var entries: [Entry] = []
        for (index, line) in lines.enumerated() where !line.isEmpty && !(hasClasses && index == 0) {
            var name = line
            var label: Int?
            if hasClasses {
                let fields = line.split(separator: ",", omittingEmptySubsequences: false)
                guard fields.count == 2, let number = Int(fields[1]), number >= 0 else {
                    throw .badInput("\(path), line \(index + 1): needs a file name, a comma and a class number")
                }
                (name, label) = (String(fields[0]), number)
            }
            entries.append(Entry(name: name, path: name.hasPrefix("/") ? name : root + "/" + name, label: label))
        }
        guard !entries.isEmpty else { throw .badInput("\(path): lists no pictures") }
        return PictureList(entries: entries)
    }

    private static func defaultRoot(_ path: String, hasClasses: Bool) -> String {
        let own = (path as NSString).deletingLastPathComponent
        let beside = (path as NSString).deletingPathExtension
        var isFolder: ObjCBool = false
        if hasClasses, FileManager.default.fileExists(atPath: beside, isDirectory: &isFolder), isFolder.boolValue { return beside }
        return own.isEmpty ? "." : own
    }

    /// At most `count`, evenly spaced: the positions of numpy.linspace(0, n - 1, count).astype(int).
    func sampled(_ count: Int) -> PictureList {
        guard count < entries.count else { return self }
        guard count > 1 else { return PictureList(entries: [entries[0]]) }
        let step = Double(entries.count - 1) / Double(count - 1)
        let positions = (0..<(count - 1)).map { Int(Double($0) * step) } + [entries.count - 1]
        return PictureList(entries: positions.map { entries[$0] })
    }
}
