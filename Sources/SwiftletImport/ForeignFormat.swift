/// A format that is known by sight and not read, with the way from it to one that is.
struct ForeignFormat: Sendable {
    /// The format, as the subject of a sentence.
    let name: String
    let advice: String
    let matches: @Sendable (SourceFile) -> Bool

    private static let toONNX = "export the FP32 model to ONNX"

    /// In an order in which the first that matches is right.
    static let all: [ForeignFormat] = [
        ForeignFormat(name: "a .slet file", advice: "it is converted already: swiftlet runs it") { $0.starts(with: "SLET") },
        ForeignFormat(
            name: "an HDF5 file, as Keras saves models", advice: "load it in Keras 3 and model.export(\"m.onnx\", format=\"onnx\")"
        ) {
            $0.bytes.starts(with: [0x89] + Array("HDF".utf8))
        },
        ForeignFormat(name: "a Keras model", advice: "load it and model.export(\"m.onnx\", format=\"onnx\")") {
            $0.zipNames?.contains("model.weights.h5") ?? false
        },
        ForeignFormat(name: "a TorchScript model", advice: "export it to ONNX (torch.onnx.export), or save its state_dict() for --arch") {
            PyTorchImporter.isTorchScript($0)
        },
        ForeignFormat(name: "a program of torch.export", advice: "torch.onnx.export(torch.export.load(FILE), dynamo=True)") {
            $0.zipNames?.contains { $0.hasSuffix("models/model.json") || $0.hasSuffix("serialized_exported_program.json") } ?? false
        },
        ForeignFormat(name: "an archive of numpy arrays", advice: "for pictures give it to --calibration; it holds no network") {
            $0.zipNames?.contains { $0.hasSuffix(".npy") } ?? false
        },
        ForeignFormat(name: "Paddle parameters", advice: "give the program that they belong to, .pdmodel or inference.json") {
            PaddleBytes.isParameters($0)
        },
        ForeignFormat(name: "a TensorFlow SavedModel", advice: "\(toONNX) by tf2onnx, giving it the folder") {
            $0.path.hasSuffix("saved_model.pb")
        },
        ForeignFormat(name: "an OpenVINO model", advice: "give the ONNX model that it was made from") {
            ($0.starts(with: "<?xml") || $0.starts(with: "<net")) && $0.suffix == "xml"
        },
        ForeignFormat(name: "an ncnn model", advice: "give the ONNX model that it was made from") { $0.starts(with: "7767517") },
        ForeignFormat(name: "a GGUF model", advice: "these hold language models; image networks come as ONNX") { $0.starts(with: "GGUF") },
        ForeignFormat(name: "a compressed file", advice: "unpack it first") {
            $0.bytes.starts(with: [0x1F, 0x8B]) || $0.bytes.starts(with: [0xFD, 0x37, 0x7A, 0x58, 0x5A]) || $0.has("ustar", at: 257)
        },
        ForeignFormat(name: "a picture", advice: "a model is expected here") {
            $0.bytes.starts(with: [0xFF, 0xD8, 0xFF]) || $0.bytes.starts(with: [0x89] + Array("PNG".utf8))
        },
        ForeignFormat(name: "a web page", advice: "the download brought a page, not the file") {
            let head = String(decoding: $0.bytes.prefix(256), as: UTF8.self).lowercased()
            return head.contains("<!doctype html") || head.contains("<html")
        },
        ForeignFormat(name: "a pointer of Git LFS", advice: "git lfs pull brings the file itself") {
            $0.starts(with: "version https://git-lfs.github.com/spec/")
        },
    ]
}

/// Paddle's files, by their first bytes.
enum PaddleBytes {
    /// Stored tensors begin with a version 0, no levels of detail, a version 0, and the size of a TensorDesc whose type is its field 1.
    static func isParameters(_ file: SourceFile) -> Bool {
        var bytes = FileBytes(file.bytes)
        guard bytes.integer(UInt32.self) == 0, bytes.integer(UInt64.self) == 0, bytes.integer(UInt32.self) == 0,
            let size = bytes.length(UInt32.self), (1...256).contains(size), let description = bytes.take(size)
        else { return false }
        return description.starts(with: [0x08])
    }
}
