extension Model {
    /// Whether these are the first bytes of a `.slet` file, which may be damaged further on.
    package static func recognizes(_ bytes: [UInt8]) -> Bool { bytes.starts(with: FileLayout.magic) }
}
