import SwiftletRuntime

let runCommand = Command(
    name: "run", operands: "MODEL.slet", summary: "run raw tensors",
    options: [
        Option(name: "input", value: "X.npy", help: "normalized pictures, [N,C,H,W] float32"),
        Option(name: "output", value: "Y.npy", help: "where to write float32: a vector's [N,classes], a map's [N,C,H,W]"),
        Option(name: "outputs", value: "A,B", help: "outputs to write, as inspect names them (default: the first vector)"), Command.threads,
        Command.allowLarge,
    ] + Processors.options,
    notes: [
        "Of several outputs, A goes to Y.A.npy; a / in its name becomes _.",
        "Where the source model ends in softmax, log-softmax, sigmoid or argmax, so does the output; of a top-k, all values are written.",
    ],
    examples: ["model.slet --input x.npy --output y.npy", "model.slet --input x.npy --output y.npy --outputs age,gender"],
    run: runTensors)

private func runTensors(_ arguments: Arguments) throws(ToolError) {
    let inputPath = try arguments.required("input", "X.npy")
    let outputPath = try arguments.required("output", "Y.npy")
    let threads = try arguments.threads()
    try Processors.bind(arguments)
    let model = try ModelFile.load(try arguments.onlyOperand("MODEL.slet"), allowsLarge: arguments.allowsLarge)
    let chosen = try ChosenOutputs(arguments.words("outputs"), of: model, path: outputPath)
    // What does not fit is refused by its header, before a large file is read.
    let pictures = try TensorFile.pictures(in: inputPath, for: model)
    var results: [NumpyResults] = []
    for (index, number) in chosen.numbers.enumerated() {
        results.append(try NumpyResults(shape: chosen.shape(number, pictures: pictures), input: inputPath, path: chosen.paths[index]))
    }
    let file = try FileContents.open(inputPath)
    try file.withBytes { bytes throws(ToolError) in
        let array = try TensorFile(bytes, path: inputPath, for: model)
        guard array.pictures == pictures else { throw .badInput("\(inputPath): changed while it was read") }
        let session = try ModelFile.session(model, threads: threads)
        for number in 0..<array.pictures {
            try array.set(number, in: session)
            session.run()
            for index in 0..<results.count { results[index].append(session.sourceValues(of: chosen.numbers[index])) }
        }
        for results in results { try results.write() }
    }
}
