/// A model file that has been read whole, once: what is recognized, hashed and imported is the same bytes.
package struct SourceFile {
    /// The file's path, as errors name it.
    package let path: String
    package let bytes: [UInt8]
    /// The path of the file that holds the model's weights, where somebody named it.
    package let weights: String?
    let neighbors: any NeighborFiles
    /// The names in a zip file's directory; nil where it is none, or has no sound one.
    let zipNames: Set<String>?

    package init(path: String, bytes: [UInt8], weights: String? = nil, neighbors: any NeighborFiles = NoNeighborFiles()) {
        (self.path, self.bytes, self.weights, self.neighbors) = (path, bytes, weights, neighbors)
        let file = FileBytes(bytes)
        zipNames = file.starts(with: ZipArchive.magic) ? (try? ZipArchive(file)).map { Set($0.names) } : nil
    }

    /// The folder that it lies in, empty for the one where the program runs.
    var folder: String { path.lastIndex(of: "/").map { String(path[...$0]) } ?? "" }

    /// What follows the name's last dot, in lower case; empty where there is none.
    var suffix: String {
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: ".") else { return "" }
        return name[name.index(after: dot)...].lowercased()
    }

    func starts(with prefix: String) -> Bool { bytes.starts(with: prefix.utf8) }

    /// Whether `text` stands at the byte `offset`.
    func has(_ text: String, at offset: Int) -> Bool { bytes.dropFirst(offset).starts(with: text.utf8) }
}
