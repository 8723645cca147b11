/// A `.slet` file and the signature that `quantize sign` appends to it. README.md beside this file has the layout.
package struct FileSignature {
    /// Bytes that a signature appends, so that the file's size stays a multiple of 64.
    package static let size = 128
    /// "SLETSIGN"
    private static let magic: [UInt8] = [0x53, 0x4C, 0x45, 0x54, 0x53, 0x49, 0x47, 0x4E]
    private static let signatureSize = 64

    /// What is signed: the file as it was before, which has all of a model.
    package let content: UnsafeRawBufferPointer
    /// Ed25519, 64 bytes; nil where the file is not signed.
    package let signature: UnsafeRawBufferPointer?

    /// - Parameter file: the bytes of a file, which outlive this.
    package init(_ file: UnsafeRawBufferPointer) {
        let count = max(file.count - FileSignature.size, 0)
        let (begin, end) = (FileSignature.magic.count, FileSignature.magic.count + FileSignature.signatureSize)
        let trailer = UnsafeRawBufferPointer(rebasing: file[count...])
        guard trailer.count == FileSignature.size, trailer.starts(with: FileSignature.magic), !trailer[end...].contains(where: { $0 != 0 })
        else {
            (content, signature) = (file, nil)
            return
        }
        content = UnsafeRawBufferPointer(rebasing: file[..<count])
        signature = UnsafeRawBufferPointer(rebasing: trailer[begin..<end])
    }

    /// What is to be appended.
    /// - Parameter signature: Ed25519, 64 bytes.
    package static func trailer(_ signature: [UInt8]) -> [UInt8] {
        let bytes = magic + signature
        return bytes + [UInt8](repeating: 0, count: size - bytes.count)
    }
}
