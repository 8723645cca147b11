import SwiftletImport

/// What is said of a model's own files, and what of their labels is taken.
struct ConventionNote {
    /// For standard error.
    private(set) var lines: [String] = []
    /// Empty where there are none, or another number than the model has classes.
    private(set) var labels: [String] = []

    /// - Parameters:
    ///   - conventions: nil for a format without such files.
    ///   - asked: what was said before, which these files do not change.
    ///   - classes: how many names are wanted; nil where others were given.
    init(_ conventions: ModelConventions?, asked: PreprocessingWish, classes: Int?) {
        guard let conventions, let file = conventions.source else { return }
        let taken = PreprocessingWish(conventions.preprocessing).options(missingIn: asked)
        var parts = taken.isEmpty ? [] : ["preprocessing, which stands for \(taken)"]
        if let classes, !conventions.labels.isEmpty {
            if conventions.labels.count == classes {
                labels = conventions.labels
                parts.append("\(classes) labels")
            } else {
                lines.append("\(file): its \(conventions.labels.count) labels are left out: the model has \(classes) classes")
            }
        }
        if !parts.isEmpty { lines.insert("from \(file): \(parts.joined(separator: "; "))", at: 0) }
        if !conventions.notUnderstood.isEmpty {
            lines.append("\(file): there is nothing here for \(conventions.notUnderstood.joined(separator: ", ")): left out")
        }
    }
}
