import SwiftletGraph

/// Bounds of a tensor's values: one interval for all channels, or one a channel.
struct ChannelIntervals: Sendable {
    var values: [Interval]

    subscript(_ channel: Int) -> Interval { values[values.count == 1 ? 0 : channel] }

    /// Of a grid, as far as an activation gives such values.
    init(_ grid: Grid, _ activation: Activation) {
        values = grid.scales.indices.map { grid.interval($0).intersected(activation.interval) }
    }

    init(values: [Interval]) { self.values = values }

    /// By channel of the output, what a layer makes of inputs within `inputs`.
    init(_ layer: Layer, _ inputs: [ChannelIntervals], in network: Network) {
        let channels = 0..<network.tensors[layer.output].channels
        switch layer.operation {
        case .convolution(let convolution):
            let sums = Self.sums(convolution, inputs[0])
            values = channels.map { channel in
                (inputs.count > 1 ? sums[channel] + inputs[1][channel] : sums[channel]).through(convolution.activation)
            }
        case .globalAveragePool:
            values = inputs[0].values
        case .pool(let pool):
            values = inputs[0].values.map { pool.countsPadding ? $0.holdingZero : $0 }
        case .multiply:
            values = channels.map { inputs[0][$0] * inputs[1][$0] }
        case .add(let activation):
            values = channels.map { (inputs[0][$0] + inputs[1][$0]).through(activation) }
        case .resample:
            values = inputs[0].values
        case .activation(let activation):
            values = inputs[0].values.map { $0.through(activation) }
        case .concatenate:
            values = [Interval](repeating: .unit, count: channels.count)
            for run in JoinedRun.list(layer, network) {
                for index in 0..<run.count { values[run.whole + index] = inputs[run.input][run.part + index] }
            }
        }
    }

    /// By output channel of a convolution.
    private static func sums(_ convolution: Convolution, _ input: ChannelIntervals) -> [Interval] {
        let perOutput = convolution.weights.count / convolution.outputs
        let (inputs, outputsPerGroup) = (convolution.inputsPerGroup, convolution.outputs / convolution.groups)
        return (0..<convolution.outputs).map { output in
            var sum = Interval(low: convolution.bias[output], high: convolution.bias[output])
            for index in 0..<perOutput {
                // With 0, which padding is.
                let x = input[output / outputsPerGroup * inputs + index % inputs].holdingZero
                let weight = convolution.weights[output * perOutput + index]
                sum = sum + x * Interval(low: weight, high: weight)
            }
            return sum
        }
    }
}

extension Interval {
    var holdingZero: Interval { Interval(low: min(low, 0), high: max(high, 0)) }
    var isFinite: Bool { low.isFinite && high.isFinite }

    /// What both hold; at least one point.
    func intersected(_ other: Interval) -> Interval {
        let low = min(max(low, other.low), other.high)
        return Interval(low: low, high: max(min(high, other.high), low))
    }

    static func + (a: Interval, b: Interval) -> Interval { Interval(low: a.low + b.low, high: a.high + b.high) }

    static func * (a: Interval, b: Interval) -> Interval {
        let products = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high]
        return Interval(low: products.min() ?? 0, high: products.max() ?? 0)
    }

    /// The values of an activation in this interval. Those that fall before they rise are given their least value.
    func through(_ activation: Activation) -> Interval {
        var ends = [low, high].map { Float(activation.apply(Double($0))) }
        if low < 0, high > 0 { ends.append(Float(activation.apply(0))) }
        switch activation {
        case .hardSwish, .swish, .mish, .gelu, .geluTanh: if low < 0 { ends.append(activation.interval.low) }
        default: break
        }
        return Interval(low: ends.min() ?? 0, high: ends.max() ?? 0)
    }
}
