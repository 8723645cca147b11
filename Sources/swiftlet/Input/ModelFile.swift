import SwiftletRuntime

/// Models and sessions with their errors turned into exit codes: a file that cannot be used is bad input, a session that cannot start is a
/// failure.
enum ModelFile {
    /// - Parameter allowsLarge: takes a model whose runs are absurdly long, as --allow-large asks.
    static func load(_ path: String, allowsLarge: Bool) throws(ToolError) -> Model {
        let isa = try InstructionSet.fromEnvironment()
        do {
            return try Model.load(path: path, isa: isa, allowsLarge: allowsLarge)
        } catch {
            if error.isAboutWork { throw .badInput("\(error.message); --allow-large takes it all the same") }
            throw .badInput("\(error.message); a .slet file comes from quantize")
        }
    }

    static func session(_ model: Model, threads: Int, batch: Int = 1) throws(ToolError) -> Session {
        do {
            return try Session(model, threads: threads, batch: batch)
        } catch {
            throw .failed("\(model.name): \(error.message)")
        }
    }

    /// The class's name, or its number where the model has no names.
    static func label(_ model: Model, _ index: Int) -> String {
        index < model.labels.count ? model.labels[index] : "class \(index)"
    }
}
