/// A folder's files of some kinds with those of its subfolders. Names are bytes to the system: one that is not UTF-8 cannot be said in a
/// list or a message, and what it would be repaired to may be another file's. Whatever is not taken is named with its reason.
package struct PictureFolder {
    /// Paths relative to the folder, in order of their bytes.
    package private(set) var names: [String] = []
    /// What was left out, each with the reason.
    package private(set) var leftOut: [SwiftletError] = []

    private static let pictures: [StaticString] = ["jpg", "jpeg", "png", "ppm", "pgm", "pnm"]
    private static let otherPictures: [StaticString] = ["webp", "bmp", "gif", "tif", "tiff", "heic", "avif", "jp2", "jfif"]
    private let root: String
    private let suffixes: [StaticString]

    /// - Parameter suffixes: what files' names end in to be taken, in lower case; nil: the pictures that can be read.
    /// - Throws: when the folder itself cannot be listed.
    package init(_ path: String, suffixes: [StaticString]? = nil) throws(SwiftletError) {
        root = path
        self.suffixes = suffixes ?? PictureFolder.pictures
        // Links to folders are not followed, so that the walk ends.
        var folders = [""]
        while let folder = folders.popLast() {
            let content = FolderContent(full(folder))
            if let failure = content.failure {
                let error = SwiftletError.badFile("\(full(folder)): cannot be listed: \(failure)")
                if folder.utf8.isEmpty { throw error }
                leftOut.append(error)
            }
            for entry in content.entries { take(entry, in: folder, &folders) }
        }
        names.sort(by: precedes)
        let order = sortedOrder(leftOut.count) { precedes(leftOut[$0].message, leftOut[$1].message) }
        leftOut = order.map { leftOut[$0] }
    }

    private func full(_ relative: String) -> String { relative.utf8.isEmpty ? root : root + "/" + relative }

    private mutating func take(_ entry: FolderContent.Entry, in folder: String, _ folders: inout [String]) {
        let relative = folder.utf8.isEmpty ? entry.name : folder + "/" + entry.name
        if !entry.isUTF8 {
            leftOut.append(.badFile("\(full(relative)): its name is not UTF-8"))
        } else if entry.isFolder {
            folders.append(relative)
        } else if let reason = reasonToLeaveOut(entry.name) {
            leftOut.append(.badFile("\(full(relative)): \(reason)"))
        } else {
            names.append(relative)
        }
    }

    /// Nil for what is called as the files that are taken.
    private func reasonToLeaveOut(_ name: String) -> String? {
        let suffix = PictureFolder.lowercasedSuffix(name)
        func isOne(of suffixes: [StaticString]) -> Bool { suffixes.contains { areEqual(suffix, "\($0)") } }
        if isOne(of: suffixes) { return nil }
        if isOne(of: PictureFolder.otherPictures) { return "pictures of its kind cannot be read: convert it to PNG or JPEG" }
        if isOne(of: PictureFolder.pictures) { return "a picture in a folder of arrays" }
        return "its name does not end as a picture's does"
    }

    /// What follows the last dot, letters of ASCII made small; empty where there is none.
    static func lowercasedSuffix(_ name: String) -> String {
        let bytes = Array(name.utf8)
        guard let dot = bytes.lastIndex(of: UInt8(ascii: ".")) else { return "" }
        let suffix = bytes[(dot + 1)...].map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 + 32 : $0 }
        return String(decoding: suffix, as: UTF8.self)
    }
}
