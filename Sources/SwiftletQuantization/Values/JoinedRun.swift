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
