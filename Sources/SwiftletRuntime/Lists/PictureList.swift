internal import CPlatform

/// Pictures on disk, in a fixed order, with their classes where they are known: what calibration, evaluation and comparison run over.
package struct PictureList: Sendable {
    package struct Entry: Sendable {
        /// As the list has it, or relative to the folder.
        package let name: String
        package let path: String
        /// The class, from 0.
        package let label: Int?
    }

    package private(set) var entries: [Entry]
    /// Files of a folder that were left out, each with the reason.
    package private(set) var leftOut: [SwiftletError] = []
    /// The names of the subfolders that are the classes, in their order; empty where classes are not told by folders.
    package private(set) var classFolders: [String] = []

    package init(entries: [Entry]) { self.entries = entries }

    /// Reads a list or a folder with its subfolders, or takes a single picture.
    /// - Parameter root: the folder that a list's paths are relative to; nil: see `ListFile`.
    /// - Throws: where it cannot be read, is damaged, or names no picture.
    package static func read(_ path: String, root: String? = nil) throws(SwiftletError) -> PictureList {
        if sp_is_folder(path) { return try folder(path) }
        if isPicture(path) { return PictureList(entries: [Entry(path)]) }
        return try list(path, root: root)
    }

    /// - Parameter root: the folder that the list's paths are relative to; nil: see `ListFile`.
    package static func list(_ path: String, root: String? = nil) throws(SwiftletError) -> PictureList {
        PictureList(entries: try ListFile.read(path, root: root))
    }

    /// All pictures in a folder and below it, in the order of their paths. Where each lies in a subfolder, and there are two of them or
    /// more, these are the classes: in the order of their names, from 0.
    package static func folder(_ path: String) throws(SwiftletError) -> PictureList {
        let folder = try PictureFolder(path)
        guard !folder.names.isEmpty else { throw .badFile("\(path): no .jpg, .png or .ppm pictures in this folder") }
        var list = PictureList(entries: folder.names.map { Entry(name: $0, path: path + "/" + $0, label: nil) })
        list.leftOut = folder.leftOut
        list.takeClassesFromFolders()
        return list
    }

    private mutating func takeClassesFromFolders() {
        // Paths are sorted, but "a-b/1" comes before "a/1": the folders are sorted by themselves.
        var folders: [String] = []
        for entry in entries {
            guard let name = PictureList.firstFolder(entry.name) else { return }
            if !(folders.last.map { areEqual($0, name) } ?? false) { folders.append(name) }
        }
        folders.sort(by: precedes)
        for name in folders where !(classFolders.last.map { areEqual($0, name) } ?? false) { classFolders.append(name) }
        guard classFolders.count > 1 else {
            classFolders = []
            return
        }
        entries = entries.map { entry in
            let label = PictureList.position(of: PictureList.firstFolder(entry.name)!, in: classFolders)
            return Entry(name: entry.name, path: entry.path, label: label)
        }
    }

    /// By bisection of sorted names, one of which it is.
    private static func position(of name: String, in names: [String]) -> Int {
        var range = 0..<names.count
        while range.count > 1 {
            let middle = range.lowerBound + range.count / 2
            range = precedes(name, names[middle]) ? range.lowerBound..<middle : middle..<range.upperBound
        }
        return range.lowerBound
    }

    private static func firstFolder(_ name: String) -> String? {
        let bytes = name.utf8
        guard let slash = bytes.firstIndex(of: UInt8(ascii: "/")) else { return nil }
        return String(decoding: Array(bytes[..<slash]), as: UTF8.self)
    }

    private static func isPicture(_ path: String) -> Bool {
        do throws(SwiftletError) {
            var file = try InputFile(path)
            try file.read(first: PictureFormat.bytesNeeded)
            return file.withBytes { bytes in PictureFormat.recognizes(bytes) }
        } catch {
            return false
        }
    }
}

extension PictureList.Entry {
    /// A picture by itself.
    package init(_ path: String) { self.init(name: path, path: path, label: nil) }
}

extension PictureList {
    /// Checks that every picture has a class, one of the model's.
    /// - Parameters:
    ///   - source: the list or the folder, as errors name it.
    ///   - classes: how many the model has.
    /// - Throws: naming the first picture without.
    package func requireClasses(_ source: String, _ classes: Int) throws(SwiftletError) {
        guard classFolders.count <= classes else {
            throw .badFile("\(source): \(classFolders.count) class folders, but the model has \(classes) classes")
        }
        for entry in entries {
            guard let label = entry.label else {
                let advice = "begin a list with 'file,class' or end its lines with a class number, or give a folder with one of each class"
                throw .badFile("\(source): no class for \(entry.name); \(advice)")
            }
            guard label < classes else {
                throw .badFile("\(source): \(entry.name) has class \(label), but the model has classes 0 to \(classes - 1)")
            }
        }
    }

    /// A line that says which folders became which classes, where the model has more and so may mean others; nil elsewhere.
    package func classFoldersNote(_ source: String, _ classes: Int) -> String? {
        let shown = 8
        guard !classFolders.isEmpty, classFolders.count < classes else { return nil }
        var names = ""
        for (index, name) in classFolders.prefix(shown).enumerated() { names += (index > 0 ? ", " : "") + "\(index) \(name)" }
        if classFolders.count > shown { names += " … \(classFolders.count - 1) \(classFolders[classFolders.count - 1])" }
        return "\(source): \(classFolders.count) folders stand for the first of the model's \(classes) classes: \(names)"
    }

    /// At most `count`, evenly spaced.
    package func sampled(_ count: Int) -> PictureList {
        count < entries.count ? PictureList(entries: PictureList.positions(max(count, 1), of: entries.count).map { entries[$0] }) : self
    }

    /// At most `count` of `total` positions, evenly spaced: those of numpy.linspace(0, total - 1, count).astype(int).
    package static func positions(_ count: Int, of total: Int) -> [Int] {
        guard count < total else { return Array(0..<total) }
        guard count > 1 else { return Array(0..<max(count, 0)) }
        let step = Double(total - 1) / Double(count - 1)
        return (0..<(count - 1)).map { Int(Double($0) * step) } + [total - 1]
    }
}
