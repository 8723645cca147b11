import SwiftletRuntime

/// An output of a model that `run` writes, and its file.
struct ChosenOutput {
    /// Its number in the model's list.
    private let index: Int
    let path: String

    /// - Parameters:
    ///   - names: of outputs; nil: the one that classifies.
    ///   - path: of the only one's file; of several, each has its name before the ending.
    /// - Throws: where the model has no such output, or two would have one file.
    static func list(_ names: [String]?, of model: Model, path: String) throws(ToolError) -> [ChosenOutput] {
        guard let names else { return [ChosenOutput(index: model.classifyingOutput, path: path)] }
        var chosen: [ChosenOutput] = []
        for name in names {
            guard let index = model.output(named: name) else {
                throw .usage("--outputs: \(model.name) has no output '\(name)', but \(model.outputNames)")
            }
            let file = names.count == 1 ? path : ChosenOutput.path(path, name)
            guard !chosen.contains(where: { areEqual($0.path, file) }) else {
                throw .usage("--outputs: two would be written to \(file): write one at a time")
            }
            chosen.append(ChosenOutput(index: index, path: file))
        }
        return chosen
    }

    /// `Y.npy` and `A` give `Y.A.npy`.
    private static func path(_ path: String, _ name: String) -> String {
        let ending = ".npy"
        var bytes = Array(path.utf8)
        if hasSuffix(path, ending), bytes.count > ending.utf8.count { bytes.removeLast(ending.utf8.count) }
        bytes.append(UInt8(ascii: "."))
        for byte in name.utf8 { bytes.append(isOfName(byte) ? byte : UInt8(ascii: "_")) }
        return String(decoding: bytes + Array(ending.utf8), as: UTF8.self)
    }

    /// Letters, digits, what is beyond ASCII, and two signs.
    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "."), 128...: true
        default: false
        }
    }

    /// Of a picture's values as they are written.
    func shape(_ model: Model) -> [Int] {
        let output = model.outputs[index]
        return output.isVector ? [output.head.count(of: output.channels)] : [output.channels, output.height, output.width]
    }

    /// A picture's values of the last run: a vector's as the source model gives them, a map's planes.
    func values(_ session: Session) -> [Float] {
        let output = session.model.outputs[index]
        let values = session.values(of: index)
        return output.isVector ? output.head.values(values) : transposed(values, rows: output.height * output.width)
    }
}
