/// Checkpoints of `torch.save`: weights for a built-in architecture.
package enum PyTorchImporter: ModelImporter {
    package static let format = "PyTorch checkpoint"
    package static let suffixes = ["pth", "pt", "tar", "ckpt", "bin"]
    package static let largestFile = 16 << 30

    /// A zip file with a data.pkl and no code, or the older format's pickle of its magic number.
    package static func recognizes(_ file: SourceFile) -> Bool {
        if let names = file.zipNames {
            let hasPickle = names.contains { $0 == "data.pkl" || $0.hasSuffix("/data.pkl") }
            return hasPickle && !isTorchScript(file)
        }
        // Two bytes for the pickle's protocol, two for an integer of ten bytes.
        return file.bytes.dropFirst(4).starts(with: PyTorchLegacyFile.magic)
    }

    /// A program of torch.jit.save, which holds code beside its weights.
    static func isTorchScript(_ file: SourceFile) -> Bool {
        file.zipNames?.contains { $0.hasSuffix("constants.pkl") || $0.contains("/code/") } ?? false
    }

    package static func read(_ file: SourceFile, inputSize: (height: Int, width: Int)?) throws -> ImportedModel {
        .weights(try PyTorchCheckpoint.load(bytes: file.bytes, file: file.path))
    }
}
