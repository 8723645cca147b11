import SwiftletRuntime

let runCommand = Command(
    name: "run", operands: "MODEL.slet", summary: "run raw tensors",
    options: [
        Option(name: "input", value: "X.npy", help: "normalised pictures, [N,C,H,W] float32"),
        Option(name: "output", value: "Y.npy", help: "where to write logits, [N,classes] float32"), Command.threads,
    ] + Processors.options,
    notes: ["Where the source model ends in a softmax, so does the output."],
    examples: ["model.slet --input x.npy --output y.npy"],
    run: runTensors)

private func runTensors(_ arguments: Arguments) throws(ToolError) {
    let inputPath = try arguments.required("input", "X.npy")
    let outputPath = try arguments.required("output", "Y.npy")
    let threads = try arguments.threads()
    try Processors.bind(arguments)
    let model = try ModelFile.load(try arguments.onlyOperand("MODEL.slet"))
    let input = model.inputTensor
    let array = try load(inputPath)
    let shape = array.shape
    guard shape.count == 4, shape[1] == input.channels, shape[2] == input.height, shape[3] == input.width else {
        throw .badInput(
            "\(inputPath): shape [\(joined(shape.map { "\($0)" }, ","))], but \(model.name) takes [N,\(input.channels),\(input.height),\(input.width)]")
    }
    let session = try ModelFile.session(model, threads: threads)
    let pictureSize = input.channels * input.height * input.width
    var picture = [Float](repeating: 0, count: pictureSize)
    var results: [Float] = []
    results.reserveCapacity(shape[0] * model.classes)
    for number in 0..<shape[0] {
        interleave(array.values[(number * pictureSize)..<((number + 1) * pictureSize)], channels: input.channels, into: &picture)
        picture.withUnsafeBufferPointer { session.setInput(values: $0) }
        session.run()
        if model.endsInSoftmax {
            for probability in Softmax(session.logits()).probabilities { results.append(Float(probability)) }
        } else {
            results += session.logits()
        }
    }
    try ModelFile.write(NumpyArray(shape: [shape[0], model.classes], values: results).npy(), to: outputPath)
}

private func load(_ path: String) throws(ToolError) -> NumpyArray {
    do {
        return try FileContents(path).withBytes(NumpyArray.init(npy:))
    } catch {
        throw .badInput("\(path): \(error.message)")
    }
}

/// Planes, [C,H,W], to the session's NHWC.
private func interleave(_ planes: ArraySlice<Float>, channels: Int, into picture: inout [Float]) {
    let positions = planes.count / channels
    var source = planes.startIndex
    for channel in 0..<channels {
        for position in 0..<positions {
            picture[position * channels + channel] = planes[source]
            source += 1
        }
    }
}
