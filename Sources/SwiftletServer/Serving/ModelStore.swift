import SwiftletRuntime
import Synchronization

/// The models that are served. What is loaded anew takes its predecessor's place at once, and requests that are under way keep the old one.
final class ModelStore: Sendable {
    /// Of the command line, in its order.
    let files: [ModelFile]
    private let settings: ServerSettings
    private let metrics: Metrics
    /// By the order of `files`.
    private let models: Mutex<[ServedModel]>

    /// Loads all files.
    /// - Throws: an error that names the file.
    init(_ settings: ServerSettings, _ metrics: Metrics) throws(SwiftletError) {
        let files = try ModelFile.list(settings.models)
        var models: [ServedModel] = []
        for file in files { models.append(try ServedModel(file, settings, metrics)) }
        (self.files, self.settings, self.metrics) = (files, settings, metrics)
        self.models = Mutex(models)
    }

    /// All that is served, in the order of the command line.
    var all: [ServedModel] { models.withLock { $0 } }

    /// - Parameters:
    ///   - name: of the model; nil: the first.
    ///   - version: nil or empty: the last.
    /// - Throws: not found.
    func model(_ name: String?, version: String? = nil) throws(RequestError) -> ServedModel {
        let all = all
        let named = all.filter { $0.name == name ?? all[0].name }
        guard let last = named.last else { throw .notFound("no model is called '\(name ?? "")'") }
        guard let version, !version.isEmpty else { return last }
        guard let found = named.first(where: { $0.version == version }) else {
            throw .notFound("model '\(last.name)' has no version '\(version)', but \(named.map(\.version).joined(separator: ", "))")
        }
        return found
    }

    /// The versions of a model, the oldest first.
    func versions(of name: String) -> [String] { files.filter { $0.name == name }.map(\.version) }

    /// Loads every file again. One that cannot be used leaves the model that was there.
    /// - Returns: by file, what is wrong with it; nil where it was loaded.
    func reload() -> [(file: ModelFile, error: SwiftletError?)] {
        files.indices.map { index in
            let file = files[index]
            do throws(SwiftletError) {
                let model = try ServedModel(file, settings, metrics)
                let old = models.withLock { models in
                    let old = models[index]
                    models[index] = model
                    return old
                }
                _ = old  // let go outside of the lock
                metrics.count(.reloads, [("model", file.name), ("result", "loaded")])
                return (file, nil)
            } catch {
                metrics.count(.reloads, [("model", file.name), ("result", "refused")])
                return (file, error)
            }
        }
    }
}
