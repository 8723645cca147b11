import SwiftletGraph
import Testing

@testable import SwiftletImport

/// Programs that were written by hand, in both forms.
struct PaddleProgramTests {
    private func graph(_ file: SourceFile, size: (height: Int, width: Int)? = nil) throws -> Graph {
        switch try PaddleImporter.read(file, inputSize: size) {
        case .graph(let graph), .quantized(let graph, _): return graph
        case .weights: throw PaddleError("weights")
        }
    }

    private func result(_ file: SourceFile, _ input: [Float]) throws -> [Float] {
        ReferenceExecutor(try graph(file).network()).run(input)
    }

    private let picture = (0..<192).map { Float($0 % 11) / 5 - 1 }

    @Test func bothFormsAreTheSameNetwork() throws {
        let writer = PaddleModelWriter.small
        let (old, new) = (try graph(writer.file(writer.programDesc)), try graph(writer.file(writer.pir)))
        #expect(old.name == "ProgramDesc 2.6.2")
        #expect(new.name == "PIR version 4")
        let (a, b) = (try old.network(), try new.network())
        #expect(a.endsInSoftmax && b.endsInSoftmax)
        #expect(a.layers.count == 6)
        let logits = ReferenceExecutor(a).run(picture)
        #expect(logits.count == 5)
        #expect(logits == ReferenceExecutor(b).run(picture))
    }

    /// One pixel of three channels through whole numbers that stand for 1 and 2 apiece.
    @Test func int8WeightsAreWhatTheyStandFor() throws {
        var writer = PaddleModelWriter.quantized
        writer.input.shape = [-1, 3, 1, 1]
        for program in [writer.programDesc, writer.pir] {
            let file = writer.file(program)
            #expect(try result(file, [1, 10, 0.5]) == [127 - 1270 + 0.5, 4 + 60])
            guard case .quantized(_, let grids) = try PaddleImporter.read(file, inputSize: nil) else {
                Issue.record("not seen to be int8")
                continue
            }
            #expect(grids.form == .linear)
            #expect(grids.weights["w"]?.scales == [1, 2])
            #expect(grids.activations["x"]?.scales == [2.54 / 127])
        }
    }

    /// The older form: weights stay whole numbers, and what comes out of the layer is scaled.
    @Test func layersThatAreScaledAfterwards() throws {
        for isOneScale in [false, true] {
            var w = PaddleModelWriter()
            w.input.shape = [-1, 3, 1, 1]
            let rounded = w.add("fake_quantize_range_abs_max", [("X", "x"), ("InScale", w.parameter("s", [1], [2]))])
            let conv = w.add(
                "conv2d", [("Input", rounded), ("Filter", w.parameter("w", [2, 3, 1, 1], [127, -127, 1, 2, 3, 0]))], slot: "Output")
            if isOneScale {
                // 127 * 127 / 254
                w.outputs = [w.add("fake_dequantize_max_abs", [("X", conv), ("Scale", "s")], [("max_range", .float(63.5))])]
            } else {
                w.outputs = [
                    w.add("fake_channel_wise_dequantize_max_abs", [("Scales", w.parameter("c", [2], [127, 254]))], [])
                ]
                w.steps[w.steps.count - 1].inputs = [("X", [conv]), ("Scales", ["c", "s"])]
            }
            let expected: [Float] = isOneScale ? [254 - 2540 + 1, 4 + 60] : [127 - 1270 + 0.5, 4 + 60]
            #expect(try result(w.file(w.programDesc), [1, 10, 0.5]) == expected)
        }
    }

    /// An operator that writes the name it reads stands for another value from then on.
    @Test func namesAreWrittenAgain() throws {
        var w = PaddleModelWriter()
        w.input.shape = [-1, 1, 1, 1]
        let pooled = w.add("pool2d", [("X", "x")], [("pooling_type", .string("avg")), ("global_pooling", .flag(true))])
        _ = w.add("scale", [("X", pooled)], [("scale", .float(3)), ("bias", .float(1))])
        w.steps[1].output.name = pooled
        _ = w.add("scale", [("X", pooled)], [("scale", .float(2)), ("bias", .float(1)), ("bias_after_scale", .flag(false))])
        w.steps[2].output.name = pooled
        w.outputs = [pooled]
        #expect(try result(w.file(w.programDesc), [5]) == [34])
    }

    /// Biases of older exporters: the second operand's first axis is named.
    @Test func operandsAreAlignedByAnAxis() throws {
        var w = PaddleModelWriter()
        w.input.shape = [-1, 2, 1, 2]
        let sum = w.add("elementwise_add", [("X", "x"), ("Y", w.parameter("b", [2], [10, 20]))], [("axis", .integer(1))])
        w.outputs = [w.add("relu", [("X", sum)])]
        #expect(try result(w.file(w.programDesc), [1, 2, 3, 4]) == [11, 22, 13, 24])
    }

    /// What a text classifier does to its last map: the batch comes from the shape, and is one of the new shape's extents.
    @Test func shapesThatAreComputed() throws {
        var w = PaddleModelWriter()
        w.input.shape = [-1, 2, 1, 2]
        let pooled = w.add(
            "pool2d", [("X", "x")], [("pooling_type", .string("avg")), ("adaptive", .flag(true)), ("ksize", .integers([1, 1]))])
        let shape = w.add("shape", [("Input", pooled)])
        let batch = w.add(
            "slice", [("Input", shape)],
            [("axes", .integers([0])), ("starts", .integers([0])), ("ends", .integers([1])), ("decrease_axis", .integers([0]))])
        let channels = w.add("fill_constant", [], [("shape", .integers([1])), ("value", .float(2)), ("dtype", .integer(2))])
        _ = w.add("reshape2", [("X", pooled)])
        w.steps[w.steps.count - 1].inputs.append(("ShapeTensor", [batch, channels]))
        let flat = w.steps[w.steps.count - 1].output.name
        w.outputs = [w.add("matmul_v2", [("X", flat), ("Y", w.parameter("w", [2, 1], [1, 10]))])]
        #expect(try result(w.file(w.programDesc), [1, 2, 3, 4]) == [32])
    }

    @Test func openSizesAreTheUsualOnesOrThoseOfTheFileBeside() throws {
        var w = PaddleModelWriter()
        w.input.shape = [-1, 3, -1, -1]
        w.outputs = [w.add("relu", [("X", "x")])]
        let program = w.programDesc
        #expect(try graph(w.file(program)).values[0].shape == [.batch, 3, 224, 224])
        #expect(try graph(w.file(program), size: (5, 7)).values[0].shape == [.batch, 3, 5, 7])
        let notes = "PreProcess:\n  transform_ops:\n  - ResizeImage:\n      size: [192, 48]\n"
        let file = w.file(program, ["inference.yml": Array(notes.utf8)])
        #expect(try graph(file).values[0].shape == [.batch, 3, 48, 192])
    }

    @Test func whatIsUnsupportedIsListed() throws {
        var w = PaddleModelWriter()
        let first = w.add("layer_norm", [("X", "x")], slot: "Y")
        let second = w.add("deformable_conv", [("Input", first)], slot: "Output")
        w.outputs = [second]
        do {
            _ = try graph(w.file(w.programDesc)).network()
            Issue.record("nothing was refused")
        } catch let error as GraphError {
            guard case .unsupported(let nodes) = error else { throw error }
            #expect(nodes.map(\.kind).contains("deformable_conv"))
        }
    }

    @Test func parametersAreFoundBeside() throws {
        let writer = PaddleModelWriter.small
        func parameters(_ names: [String]) -> String? {
            let files = MemoryFiles(files: Dictionary(uniqueKeysWithValues: names.map { ($0, []) }))
            return PaddleFolder(SourceFile(path: "a/inference.pdmodel", bytes: writer.programDesc, neighbors: files)).parameters
        }
        #expect(parameters(["inference.pdiparams", "other.pdiparams"]) == "a/inference.pdiparams")
        #expect(parameters(["other.pdiparams"]) == "a/other.pdiparams")
        #expect(parameters(["one.pdiparams", "other.pdiparams"]) == nil)
        #expect(parameters(["inference.pdiparams.info"]) == nil)
        #expect(PaddleFolder.model(among: ["inference.json", "inference.pdmodel", "inference.pdiparams"]) == "inference.json")
        #expect(PaddleFolder.model(among: ["notes.json", "model.pdmodel", "x.pdiparams"]) == "model.pdmodel")
        #expect(PaddleFolder.model(among: ["a.pdmodel", "b.pdmodel"]) == nil)
        #expect(PaddleFolder.model(among: ["m.onnx"]) == nil)
    }
}
