import CKernels
import SwiftletGraph

/// What `quantize` holds at once, bytes.
struct CalibrationMemory {
    /// The process's resident size, which begins with what it has anyway.
    private(set) var peak = 0.0
    /// The size of its temporary files.
    private(set) var temporary = 0.0

    /// A process that has read a small model.
    private static let process = 40e6
    /// Copies of a network's weights: as read, prepared, packed, quantized.
    private static let weightCopies = 5.0

    private let network: Network
    private let pictures: Int
    private let threads: Double

    init(_ network: Network, pictures: Int, settings: QuantizationSettings, threads: Int) {
        (self.network, self.pictures, self.threads) = (network, pictures, Double(threads))
        var walk = 0.0
        for (index, live) in lifetimes().enumerated() {
            let held = live.reduce(into: (memory: 0.0, files: 0.0)) { sum, tensor in
                for bytes in [4, 1.0] { add(bytes * network.tensors[tensor].size, to: &sum) }
            }
            let layer = network.layers[index]
            walk = max(walk, held.memory + working(layer) + (settings.rounding == .secondOrder ? rounding(layer) : 0))
            temporary = max(temporary, held.files)
        }
        let weights = network.layers.reduce(0.0) { $0 + Double($1.weightCount) * 4 }
        peak = Self.process + Self.weightCopies * weights + max(walk, settings.ranges == .refined ? refinement() : 0)
    }

    private func add(_ bytes: Double, to sum: inout (memory: Double, files: Double)) {
        let all = (bytes + Double(SK_SLACK)) * Double(pictures)
        if all > Double(PictureTensor.largestInMemory) { sum.files += all } else { sum.memory += all }
    }

    /// By layer: the tensors that are held while it is calibrated.
    private func lifetimes() -> [Set<Int>] {
        var last = [Int](repeating: -1, count: network.tensors.count)
        for (index, layer) in network.layers.enumerated() {
            for tensor in layer.inputs + [layer.output] { last[tensor] = index }
        }
        var live: Set<Int> = [network.input]
        return network.layers.enumerated().map { index, layer in
            live.insert(layer.output)
            let now = live
            for tensor in layer.inputs + [layer.output] where last[tensor] == index { live.remove(tensor) }
            return now
        }
    }

    /// A thread's buffers of one picture, and the pages of temporary files that it has touched and not yet released.
    private func working(_ layer: Layer) -> Double {
        let (inputs, output) = (layer.inputs.reduce(0) { $0 + network.tensors[$1].size }, network.tensors[layer.output])
        let ranges = Double(pictures) * Double(output.channels) * 16
        var bytes = 9 * inputs + 5 * output.size
        if case .convolution = layer.operation { bytes += 4 * inputs + 12 * output.size }
        return threads * bytes + ranges
    }

    /// Covariances and their factors.
    private func rounding(_ layer: Layer) -> Double {
        guard case .convolution(let convolution) = layer.operation else { return 0 }
        let (size, groups) = (Double(convolution.weights.count / convolution.outputs), Double(convolution.groups))
        return size * size * (8 * groups + (convolution.isDepthwise ? 0 : 28)) + size * 4 * 2048 * 2
    }

    /// Values and gradients of every tensor of one picture for each thread; for every picture the ends of each channel; errors by grid.
    private func refinement() -> Double {
        // Activations are layers of their own here.
        let split = network.layers.filter { $0.operation.activation != .none }.reduce(0.0) { $0 + network.tensors[$1.output].size }
        let size = network.tensors.reduce(split) { $0 + $1.size }
        let channels = network.tensors.reduce(0.0) { $0 + Double($1.channels) }
        let grids = Double(RangeRefinement.factors.count)
        return threads * 8 * size + Double(pictures) * channels * 8 + channels * grids * (Double(RangeRefinement.folds) * 33 + 128)
    }
}

extension Layer {
    fileprivate var weightCount: Int {
        if case .convolution(let convolution) = operation { convolution.weights.count } else { 0 }
    }
}
