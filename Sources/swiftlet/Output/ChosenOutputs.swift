import SwiftletRuntime

/// The outputs of a model that `run` writes, and their files.
struct ChosenOutputs {
    /// Their numbers in the model's list.
    let numbers: [Int]
    let paths: [String]
    private let model: Model

    /// - Parameters:
    ///   - names: of outputs; nil: the one that classifies.
    ///   - path: of the only one's file; of several, each has its name before the ending.
    /// - Throws: where the model has no such output, or two would have one file.
    init(_ names: [String]?, of model: Model, path: String) throws(ToolError) {
        var (numbers, paths): ([Int], [String]) = ([], [])
        for name in names ?? [] {
            let file = names!.count == 1 ? path : ChosenOutputs.path(path, name)
            for other in paths where areEqual(other, file) {
                throw .usage("--outputs: two would be written to one file: write them one at a time")
            }
            do throws(SwiftletError) {
                numbers.append(try model.requireOutput(named: name))
            } catch {
                throw .usage(error.message)
            }
            paths.append(file)
        }
        if names == nil { (numbers, paths) = ([model.classifyingOutput], [path]) }
        (self.numbers, self.paths, self.model) = (numbers, paths, model)
    }

    /// `Y.npy` and `A` give `Y.A.npy`; a name stays in the folder.
    private static func path(_ path: String, _ name: String) -> String {
        var parts = split(path, UInt8(ascii: "."))
        if hasSuffix(path, ".npy") { parts.removeLast() }
        return joined(parts + [joined(split(name, UInt8(ascii: "/")), "_"), "npy"], ".")
    }

    /// Of an output's values of so many pictures, as they are written.
    func shape(_ number: Int, pictures: Int) -> [Int] { [pictures] + model.outputs[number].sourceShape }
}
