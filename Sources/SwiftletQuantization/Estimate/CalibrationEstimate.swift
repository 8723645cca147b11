import SwiftletGraph

/// What `quantize` is going to take, estimated before it starts: good to a factor of two, which is what it takes to choose the number of
/// pictures, or to see that a machine is too small.
package struct CalibrationEstimate: Sendable {
    /// The work of one picture: multiply-accumulates, and for pools and element-wise operators the values they read.
    package let operations: Double
    package let seconds: Double
    /// The largest resident size of the process, bytes; what the caller keeps of its pictures apart.
    package let memory: Double
    /// The largest sum of temporary files at any time, bytes.
    package let temporary: Double

    /// - Parameters:
    ///   - pictures: of the calibration set, at least 1.
    ///   - threads: as `quantize` is given.
    ///   - speed: of this machine.
    package init(_ network: Network, pictures: Int, settings: QuantizationSettings, threads: Int, speed: MeasuredSpeed) {
        let work = CalibrationWork(network, pictures: Double(pictures), settings: settings)
        let size = CalibrationMemory(network, pictures: pictures, settings: settings, threads: max(1, min(threads, pictures)))
        operations = work.operations
        // A second thread adds less than the first: they share caches and memory.
        let parallel = 1 + 0.8 * Double(max(1, min(threads, pictures, speed.processors)) - 1)
        seconds = work.products / speed.products / parallel + work.values / speed.values / parallel
        (memory, temporary) = (size.peak, size.temporary)
    }
}

extension Tensor {
    /// Values per picture, of shapes whose product may pass an integer.
    var size: Double { Double(height) * Double(width) * Double(channels) }
}

extension Network {
    /// The work of one picture: see `CalibrationEstimate.operations`.
    package var operations: Double { layers.reduce(0) { $0 + operations(of: $1) } }

    func operations(of layer: Layer) -> Double {
        let output = tensors[layer.output]
        switch layer.operation {
        case .convolution(let c): return Double(output.height) * Double(output.width) * Double(c.weights.count)
        case .pool(let pool): return output.size * Double(pool.window.kernelHeight) * Double(pool.window.kernelWidth)
        case .globalAveragePool: return layer.inputs.first.map { tensors[$0].size } ?? 0
        case .multiply, .add, .activation, .concatenate, .resample: return output.size
        }
    }
}
