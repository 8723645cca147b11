import SwiftletRuntime

/// Models and sessions with their errors turned into exit codes: a file that cannot be used is bad input, a session that cannot start is a
/// failure.
enum ModelFile {
    /// - Parameter allowsLarge: takes a model whose runs are absurdly long, as --allow-large asks.
    static func load(_ path: String, allowsLarge: Bool) throws(ToolError) -> Model {
        let set = try InstructionSet.ofEnvironment()
        do throws(SwiftletError) {
            return try Model(path: path, instructionSet: set, allowsLarge: allowsLarge)
        } catch {
            switch error.kind {
            case .tooMuchWork: throw .badInput("\(error.message); --allow-large takes it all the same")
            case .badFile: throw .badInput("\(error.message); a .slet file comes from quantize")
            default: throw ToolError(error)
            }
        }
    }

    /// - Throws: where the model takes something else than pictures.
    static func requirePictures(_ model: Model) throws(ToolError) {
        do throws(SwiftletError) {
            try model.requirePictures()
        } catch {
            throw .badInput("\(error.message): use swiftlet run")
        }
    }

    /// The number of the output that answers, by the name that --head gives.
    /// - Throws: where there is none, or it is a map.
    static func head(_ model: Model, _ arguments: Arguments) throws(ToolError) -> Int {
        do throws(SwiftletError) {
            return try model.head(named: arguments.text("head"))
        } catch {
            throw arguments.has("head") ? .usage(error.message) : .badInput(error.message + ": use swiftlet run")
        }
    }

    static func session(_ model: Model, threads: Int, batch: Int = 1) throws(ToolError) -> Session {
        do throws(SwiftletError) {
            return try Session(model, threads: threads, batch: batch)
        } catch {
            throw .failed("\(model.name): \(error.message)")
        }
    }

    /// - Parameter head: number of the output that answers.
    static func classifier(_ model: Model, threads: Int, head: Int) throws(ToolError) -> Classifier {
        do throws(SwiftletError) {
            return try Classifier(model, threads: threads, head: head)
        } catch {
            throw .failed("\(model.name): \(error.message)")
        }
    }
}
