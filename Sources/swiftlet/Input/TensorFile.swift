import SwiftletRuntime

/// The pictures of a `.npy` file, [N,C,H,W], converted one by one: an array of many, or of small elements, never stands in memory as a
/// whole.
struct TensorFile {
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
