/// A model file that has been read whole, once: what is recognized, hashed and imported is the same bytes.
public struct SourceFile {
    /// The file's path, as errors name it.
    public let path: String
    public let bytes: [UInt8]
    /// Reads a file beside this one by a name without folders, such as the weights that a graph is stored apart from.
    public let companion: (_ name: String) throws -> [UInt8]
    /// The names in a zip file's directory; nil where it is none, or has no sound one.
    let zipNames: Set<String>?

    public init(
        path: String, bytes: [UInt8], companion: @escaping (_ name: String) throws -> [UInt8] = { throw NoCompanion(name: $0) }
    ) {
        (self.path, self.bytes, self.companion) = (path, bytes, companion)
        let file = FileBytes(bytes)
        zipNames = file.starts(with: ZipArchive.magic) ? (try? ZipArchive(file)).map { Set($0.names) } : nil
    }

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

/// A file that a model names and that was not given with it.
public struct NoCompanion: Error, CustomStringConvertible {
    public let name: String

    public init(name: String) { self.name = name }

    public var description: String { "its file \(name) was not given" }
}
