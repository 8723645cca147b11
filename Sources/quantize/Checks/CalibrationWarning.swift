import SwiftletQuantization

/// What is odd about calibration pictures, as a line that says what to check.
enum CalibrationWarning {
    /// - Parameter labels: the names of the classes, if they are known.
    static func text(_ finding: CalibrationCheck.Finding, labels: [String]) -> String {
        switch finding {
        case .few(let count):
            let fewest = CalibrationCheck.fewest
            return "\(count) calibration picture\(count == 1 ? " is" : "s are") few: ranges take \(fewest) at least, two hundred are good"
        case .alike(let distinct, let count):
            return "only \(distinct) of \(count) calibration pictures differ: check what --calibration names"
        case .plain(let plain, let count):
            return "\(plain) of \(count) calibration pictures are of one color: check what --calibration names, and how they were made"
        case .sameAnswer(let answer, let pictures, let count):
            let name = labels.indices.contains(answer) ? " (\(labels[answer]))" : ""
            return "the FP32 network answers class \(answer)\(name) to \(pictures) of \(count) calibration pictures: unless all show that, "
                + "check --mean, --std, --channels and --resize"
        case .undecided:
            return "to the FP32 network all classes are about equally likely on every calibration picture: check --mean, --std and the "
                + "weights"
        }
    }
}
