import SwiftletGraph

/// The gradient of a pool's input from its output's.
struct PoolGradient {
    private let pool: Pool
    private let input: Tensor
    private let output: Tensor

    init(_ pool: Pool, input: Tensor, output: Tensor) {
        (self.pool, self.input, self.output) = (pool, input, output)
    }

    /// - Parameters:
    ///   - dy: the output's gradient.
    ///   - values: the input's values.
    ///   - dx: what is added to.
    func add(_ dy: UnsafePointer<Float>, at values: UnsafePointer<Float>, to dx: UnsafeMutablePointer<Float>) {
        for y in 0..<output.height {
            for x in 0..<output.width {
                let inside = positions(y, x)
                let gradient = dy + (y * output.width + x) * output.channels
                for c in 0..<input.channels {
                    switch pool.kind {
                    case .average:
                        let count = pool.countsPadding ? pool.window.kernelHeight * pool.window.kernelWidth : inside.count
                        for start in inside { dx[start + c] += gradient[c] / Float(count) }
                    case .max:
                        if let largest = inside.max(by: { values[$0 + c] < values[$1 + c] }) { dx[largest + c] += gradient[c] }
                    }
                }
            }
        }
    }

    /// Where the input's positions under one window start.
    private func positions(_ y: Int, _ x: Int) -> [Int] {
        let window = pool.window
        let rows = (0..<window.kernelHeight).map { y * window.strideHeight - window.padTop + $0 * window.dilationHeight }
        let columns = (0..<window.kernelWidth).map { x * window.strideWidth - window.padLeft + $0 * window.dilationWidth }
        return rows.filter { 0..<input.height ~= $0 }.flatMap { row in
            columns.filter { 0..<input.width ~= $0 }.map { (row * input.width + $0) * input.channels }
        }
    }
}
