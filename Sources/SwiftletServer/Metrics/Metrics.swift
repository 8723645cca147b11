import Synchronization

/// What is counted, in Prometheus' text form (version 0.0.4).
final class Metrics: Sendable {
    typealias Labels = [(name: String, value: String)]

    /// Numbers that only grow.
    enum Counter: String, CaseIterable {
        case requests = "swiftlet_requests_total"
        case pictures = "swiftlet_pictures_total"
        case reloads = "swiftlet_reloads_total"

        var help: String {
            switch self {
            case .requests: "Answers by route and status."
            case .pictures: "Pictures and tensors that were answered for."
            case .reloads: "Model files loaded again at SIGHUP, and those refused."
            }
        }
    }

    /// Times, in seconds.
    enum Timing: String, CaseIterable {
        case requestSeconds = "swiftlet_request_seconds"
        case stageSeconds = "swiftlet_stage_seconds"

        var help: String {
            switch self {
            case .requestSeconds: "From a request's head to its answer."
            case .stageSeconds: "Stages of an answer: queue, decode, resize, inference."
            }
        }
    }

    /// Numbers of this moment.
    struct Gauge {
        let name: String
        let help: String
        let values: [(labels: Labels, value: Int)]
    }

    private struct State {
        /// By metric, and by labels as they are printed.
        var counts: [Counter: [String: Int]] = [:]
        var times: [Timing: [String: Histogram]] = [:]
    }

    private let state = Mutex(State())

    func count(_ counter: Counter, _ labels: Labels, by number: Int = 1) {
        let key = Metrics.text(labels)
        state.withLock { $0.counts[counter, default: [:]][key, default: 0] += number }
    }

    func observe(_ timing: Timing, _ labels: Labels, _ seconds: Double) {
        let key = Metrics.text(labels)
        state.withLock { $0.times[timing, default: [:]][key, default: Histogram()].add(seconds) }
    }

    /// - Parameter gauges: those that somebody else keeps.
    func text(_ gauges: [Gauge]) -> String {
        let state = state.withLock { $0 }
        var text = ""
        for counter in Counter.allCases {
            text += Metrics.head(counter.rawValue, counter.help, "counter")
            for (labels, count) in (state.counts[counter] ?? [:]).sorted(by: { $0.key < $1.key }) {
                text += "\(counter.rawValue){\(labels)} \(count)\n"
            }
        }
        for timing in Timing.allCases {
            text += Metrics.head(timing.rawValue, timing.help, "histogram")
            for (labels, histogram) in (state.times[timing] ?? [:]).sorted(by: { $0.key < $1.key }) {
                text += histogram.text(timing.rawValue, labels)
            }
        }
        for gauge in gauges {
            text += Metrics.head(gauge.name, gauge.help, "gauge")
            for (labels, value) in gauge.values {
                text += gauge.name + (labels.isEmpty ? "" : "{\(Metrics.text(labels))}") + " \(value)\n"
            }
        }
        return text
    }

    private static func head(_ name: String, _ help: String, _ type: String) -> String {
        "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    /// `name="value",…` with what values may not hold escaped.
    private static func text(_ labels: Labels) -> String {
        labels.map { label in
            let value = label.value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
            return "\(label.name)=\"\(value)\""
        }.joined(separator: ",")
    }
}
