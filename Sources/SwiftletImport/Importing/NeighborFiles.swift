/// How importers get at files beside a model: whoever calls them decides what may be read.
package protocol NeighborFiles {
    /// The names of the files in a folder, "" for the one where the program runs; empty where it cannot be read.
    func names(in folder: String) -> [String]
    /// - Throws: when the file cannot be read, or has more than `most` bytes.
    func read(_ path: String, atMost most: Int) throws -> [UInt8]
}

/// For a model in memory, which has no files beside it.
package struct NoNeighborFiles: NeighborFiles {
    package init() {}

    package func names(in folder: String) -> [String] { [] }

    package func read(_ path: String, atMost most: Int) throws -> [UInt8] {
        throw UnknownFormat(path, "the model came without its folder")
    }
}
