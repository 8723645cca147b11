import SwiftletGraph

/// Neighboring channels of a concatenation's output that are neighbors in one of its inputs, too.
struct JoinedRun {
    /// The first of them in the output, and in the input.
    var whole: Int
    var part: Int
    var count: Int
    /// Which of the layer's inputs.
    var input: Int

    /// All channels of a concatenation's output, in their order.
    static func list(_ layer: Layer, _ network: Network) -> [JoinedRun] {
        let channels = layer.inputs.enumerated().flatMap { input, tensor in
            (0..<network.tensors[tensor].channels).map { (input: input, part: $0) }
        }
        var selected = channels
        if case .concatenate(let selecting?) = layer.operation { selected = selecting.map { channels[$0] } }
        var runs: [JoinedRun] = []
        for (whole, channel) in selected.enumerated() {
            if let last = runs.last, last.input == channel.input, last.part + last.count == channel.part {
                runs[runs.count - 1].count += 1
            } else {
                runs.append(JoinedRun(whole: whole, part: channel.part, count: 1, input: channel.input))
            }
        }
        return runs
    }
}

extension SwiftletGraph.Operation {
    /// Whether it copies values, and computes nothing.
    var copies: Bool {
        switch self {
        case .concatenate, .resample: true
        default: false
        }
    }
}

extension Network {
    /// Visits what a layer copies: neighbors in its output that are neighbors in one of its inputs, too.
    /// - Parameter body: where they begin in the output and in the input, how many they are, and which of the layer's inputs it is.
    func forEachCopy(_ layer: Layer, _ body: (_ whole: Int, _ part: Int, _ count: Int, _ input: Int) -> Void) {
        let output = tensors[layer.output]
        if case .resample(let rows, let columns) = layer.operation {
            let width = tensors[layer.inputs[0]].width
            var whole = 0
            for row in rows {
                for column in columns {
                    body(whole, (row * width + column) * output.channels, output.channels, 0)
                    whole += output.channels
                }
            }
            return
        }
        let runs = JoinedRun.list(layer, self)
        let channels = layer.inputs.map { tensors[$0].channels }
        for position in 0..<output.height * output.width {
            for run in runs {
                body(position * output.channels + run.whole, position * channels[run.input] + run.part, run.count, run.input)
            }
        }
    }
}
