import SwiftletRuntime

let runCommand = Command(
    name: "run", operands: "MODEL.slet", summary: "run raw tensors",
    options: [
        Option(name: "input", value: "X.npy", help: "normalized pictures, [N,C,H,W] float32"),
        Option(name: "output", value: "Y.npy", help: "where to write logits, [N,classes] float32"), Command.threads,
        Command.allowLarge,
    ] + Processors.options,
    notes: ["Where the source model ends in a softmax, so does the output."],
    examples: ["model.slet --input x.npy --output y.npy"],
    run: runTensors)

private func runTensors(_ arguments: Arguments) throws(ToolError) {
    let inputPath = try arguments.required("input", "X.npy")
    let outputPath = try arguments.required("output", "Y.npy")
    let threads = try arguments.threads()
    try Processors.bind(arguments)
    let model = try ModelFile.load(try arguments.onlyOperand("MODEL.slet"), allowsLarge: arguments.allowsLarge)
    // What does not fit is refused by its header, before a large file is read.
    let pictures = try TensorFile.pictures(in: inputPath, for: model)
    let results = try NumpyResults(shape: [pictures, model.classCount], input: inputPath, path: outputPath)
    let file = try FileContents.open(inputPath)
    try file.withBytes { bytes throws(ToolError) in
        let array = try TensorFile(bytes, path: inputPath, for: model)
        guard array.pictures == pictures else { throw .badInput("\(inputPath): changed while it was read") }
        let session = try ModelFile.session(model, threads: threads)
        for number in 0..<array.pictures {
            try array.set(number, in: session)
            session.run()
            if model.endsInSoftmax {
                results.append(Softmax(session.logits()).probabilities.lazy.map { Float($0) })
            } else {
                results.append(session.logits())
            }
        }
        try results.write()
    }
}

/// The pictures of a `.npy` file, [N,C,H,W], converted one by one: an array of many, or of small elements, never stands in memory as a
/// whole.
private struct TensorFile {
    let pictures: Int
    private let file: NumpyFile
    private let path: String

    init(_ bytes: UnsafeRawBufferPointer, path: String, for model: Model) throws(ToolError) {
        file = try ToolError.wrapping(path) { () throws(SwiftletError) in try NumpyFile(bytes) }
        pictures = try TensorFile.pictures(of: file.shape, path, for: model)
        self.path = path
    }

    /// How many pictures the file's header promises.
    static func pictures(in path: String, for model: Model) throws(ToolError) -> Int {
        let shape = try ToolError.wrapping(path) { () throws(SwiftletError) in try NumpyFile.shape(inFile: path) }
        return try pictures(of: shape, path, for: model)
    }

    private static func pictures(of shape: [Int], _ path: String, for model: Model) throws(ToolError) -> Int {
        let input = model.inputTensor
        guard shape.count == 4, shape[1] == input.channels, shape[2] == input.height, shape[3] == input.width else {
            let sides = "\(input.channels),\(input.height),\(input.width)"
            throw .badInput("\(path): shape [\(joined(shape.map { "\($0)" }, ","))], but \(model.name) takes [N,\(sides)]")
        }
        return shape[0]
    }

    func set(_ number: Int, in session: Session) throws(ToolError) {
        let planes = try ToolError.wrapping(path) { () throws(SwiftletError) in try file.values(at: number) }
        try ToolError.wrapping { () throws(SwiftletError) in
            try planes.withUnsafeBufferPointer { planes throws(SwiftletError) in try session.setInput(planes: planes) }
        }
    }
}
