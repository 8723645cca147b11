import SwiftletRuntime

/// The figures of an evaluation, over the pictures that could be read.
struct EvaluationSummary {
    let count: Int
    let leftOut: Int
    /// Percent.
    let top1: Double
    let top5: Double
    /// Of inference alone, a picture.
    let milliseconds: Double
    /// Of everything.
    let seconds: Double

    init(_ evaluation: Evaluation, seconds: Double) {
        var (count, first, amongFive, nanoseconds) = (0, 0, 0, UInt64(0))
        for outcome in evaluation.outcomes where outcome.isRead {
            count += 1
            first += outcome.rank == 0 ? 1 : 0
            amongFive += outcome.rank < 5 ? 1 : 0
            nanoseconds += outcome.nanoseconds
        }
        self.count = count
        leftOut = evaluation.outcomes.count - count
        (top1, top5) = (Double(first) * 100 / Double(count), Double(amongFive) * 100 / Double(count))
        milliseconds = Double(nanoseconds) / 1e6 / Double(count)
        self.seconds = seconds
    }

    var text: String {
        let accuracy = "top-1 \(fixed(top1, 2)) %, top-5 \(fixed(top5, 2)) %"
        let time = "\(fixed(milliseconds, 3)) ms a picture for inference, \(fixed(seconds, 1)) s in all"
        return "\(count) pictures: \(accuracy), \(time)\n"
    }

    func json(_ model: Model, threads: Int) -> String {
        var json = JSONWriter()
        json.object { json in
            json.field("model", model.name)
            json.field("precision", precisionName(model))
            json.field("top1", top1, digits: 4)
            json.field("top5", top5, digits: 4)
            json.field("count", count)
            json.field("left_out", leftOut)
            json.field("threads", threads)
            json.field("ms_per_picture", milliseconds, digits: 4)
            json.field("seconds", seconds, digits: 3)
        }
        return json.text + "\n"
    }
}
