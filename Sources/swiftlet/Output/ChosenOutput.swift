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
            let file = names.count == 1 ? path : ChosenOutput.path(path, name)
            for other in chosen where areEqual(other.path, file) {
                throw .usage("--outputs: two would be written to one file: write them one at a time")
            }
            chosen.append(ChosenOutput(index: try number(name, of: model), path: file))
        }
        return chosen
    }

    private static func number(_ name: String, of model: Model) throws(ToolError) -> Int {
        do throws(SwiftletError) {
            return try model.requireOutput(named: name)
        } catch {
            throw .usage(error.message)
        }
    }

    /// `Y.npy` and `A` give `Y.A.npy`; a name stays in the folder.
    private static func path(_ path: String, _ name: String) -> String {
        let ending = ".npy"
        var bytes = Array(path.utf8)
        if hasSuffix(path, ending), bytes.count > ending.utf8.count { bytes.removeLast(ending.utf8.count) }
        bytes.append(UInt8(ascii: "."))
        for byte in name.utf8 { bytes.append(byte == UInt8(ascii: "/") ? UInt8(ascii: "_") : byte) }
        return String(decoding: bytes, as: UTF8.self) + ending
    }

    /// Of a picture's values as they are written.
    func shape(_ model: Model) -> [Int] { model.outputs[index].sourceShape }

    /// A picture's values of the last run.
    func values(_ session: Session) -> [Float] { session.sourceValues(of: index) }
}
