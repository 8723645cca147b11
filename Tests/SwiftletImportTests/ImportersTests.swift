import Foundation
import SharedFiles
import Testing

@testable import SwiftletImport

/// Which importer takes a file, and what is said of the others.
struct ImportersTests {
    private func format(_ bytes: [UInt8], _ name: String) throws -> String {
        try Importers.importer(for: SourceFile(path: name, bytes: bytes)).format
    }

    private func refusal(_ bytes: [UInt8], _ name: String = "model.onnx") -> String {
        do {
            return "taken as \(try format(bytes, name))"
        } catch {
            return "\(error)"
        }
    }

    @Test func contentCountsBeforeTheName() throws {
        var builder = ONNXModelBuilder(opset: 13)
        let onnx = [UInt8](try builder.data(output: builder.node("Relu", ["x"])))
        #expect(try format(onnx, "model.pth") == "ONNX")
        var writer = CheckpointWriter()
        let checkpoint = writer.zip(.dict([(.string("w"), writer.tensor([1], shape: [1]))]))
        #expect(try format(checkpoint, "model.onnx") == "PyTorch checkpoint")
        #expect(try format(checkpoint, "model.pth.tar") == "PyTorch checkpoint")
        #expect(try format(SafetensorsTests.file(#"{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4), "x") == "safetensors")
        #expect(try format(PaddleModelWriter.small.programDesc, "x.onnx") == "Paddle")
        #expect(try format(Array("{\n \"base_code\" : {\"magic\":\"pir\"".utf8), "model.onnx") == "Paddle")
        #expect(try format([0x80, 4] + Array("}q".utf8), "model.onnx") == "Paddle checkpoint")
    }

    @Test func damagedFilesGoByTheirName() throws {
        var builder = ONNXModelBuilder(opset: 13)
        let onnx = [UInt8](try builder.data(output: builder.node("Relu", ["x"])))
        #expect(try format(onnx.dropLast(3), "MODEL.ONNX") == "ONNX")
        #expect(
            refusal(onnx.dropLast(3), "model")
                == "model: no model that is known: ONNX, PyTorch checkpoint, safetensors, Paddle, Paddle checkpoint can be read")
        #expect(refusal([], "model.onnx") == "model.onnx: the file is empty")
    }

    @Test(
        arguments: [
            ([0x1C, 0, 0, 0] + Array("TFL3".utf8), "TensorFlow Lite"), ([0x89] + Array("HDF\r\n".utf8), "Keras"),
            ([0, 0, 0, 0] + [0, 0, 0, 0, 0, 0, 0, 0] + [0, 0, 0, 0] + [4, 0, 0, 0, 8, 5, 16, 1], "Paddle parameters"),
            (Array("GGUF".utf8), "GGUF"), (Array("7767517\n".utf8), "ncnn"), ([0x1F, 0x8B, 8], "compressed"),
            ([0xFF, 0xD8, 0xFF, 0xE0], "picture"),
            (Array("<!DOCTYPE html><html>".utf8), "web page"), (Array("version https://git-lfs.github.com/spec/v1\n".utf8), "Git LFS"),
            (Array("SLET\r\n\u{1A}\n".utf8), "converted already"),
        ] as [([UInt8], String)])
    func otherFormatsAreNamed(_ bytes: [UInt8], _ word: String) {
        #expect(refusal(bytes).contains(word), "\(refusal(bytes))")
    }

    @Test(arguments: [
        (["archive/data.pkl", "archive/constants.pkl", "archive/code/m.py"], "TorchScript"),
        (["model.weights.h5", "config.json"], "Keras"),
        (["m/models/model.json"], "torch.export"), (["a.npy"], "numpy"),
    ])
    func zipFilesAreToldByWhatTheyHold(_ names: [String], _ word: String) {
        let archive = ZipWriter.archive(names.map { ($0, [1]) }, method: 0, checksums: true, zip64: false)
        #expect(refusal(archive, "model.pt").contains(word), "\(refusal(archive, "model.pt"))")
    }

    @Test func compressedTorchScriptIsOne() throws {
        let bytes = try SharedFolder.bytes("cases/torchscript_pt/model.pt")
        #expect(refusal(bytes, "model.pt").contains("TorchScript"))
    }
}
