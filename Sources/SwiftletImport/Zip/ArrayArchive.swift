/// The arrays in an `.npz` file: a zip file of `.npy` entries, stored as numpy.savez has them or deflated as numpy.savez_compressed has.
package struct ArrayArchive {
    private static let suffix = ".npy"

    private let archive: ZipArchive
    /// The arrays' names, without ".npy", in the file's order.
    package let names: [String]
    /// Entries that are no arrays.
    package let others: [String]

    /// - Parameter bytes: the whole file.
    package init(_ bytes: [UInt8]) throws(CheckpointError) {
        archive = try ZipArchive(FileBytes(bytes))
        names = archive.names.filter { $0.hasSuffix(Self.suffix) }.map { String($0.dropLast(Self.suffix.count)) }
        others = archive.names.filter { !$0.hasSuffix(Self.suffix) }
    }

    /// What an array takes in memory, as the file declares it.
    package func size(_ name: String) -> Int { archive.size(name + Self.suffix) ?? 0 }

    /// The `.npy` file of an array.
    /// - Throws: where it is damaged, encrypted or compressed in another way, or declares more than its bytes can hold.
    package func bytes(_ name: String) throws(CheckpointError) -> [UInt8] {
        guard let contents = try archive.contents(name + Self.suffix, inflating: true) else {
            throw CheckpointError("there is no array \(name)")
        }
        return contents.withUnsafeBytes { Array($0) }
    }
}
