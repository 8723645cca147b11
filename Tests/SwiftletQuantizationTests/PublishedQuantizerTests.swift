import SwiftletGraph
import SwiftletRuntime
import XCTest

@testable import SwiftletQuantization

/// Networks that came with grids, quantized by these alone.
final class PublishedQuantizerTests: XCTestCase {
    private let input = PublishedGrid(scales: [0.05], zeroPoints: [0], lowest: -128, highest: 127)

    private func tensor(_ name: String, _ grid: PublishedGrid?, side: Int = 4, channels: Int = 2) -> Tensor {
        var tensor = Tensor(name: name, height: side, width: side, channels: channels)
        tensor.grid = grid
        return tensor
    }

    private func convolution(_ weights: [Float], _ bias: [Float], _ activation: Activation = .none) -> SwiftletGraph.Operation {
        .convolution(Convolution(window: Window(), groups: 1, weights: weights, bias: bias, activation: activation))
    }

    private func network(_ tensors: [Tensor], _ layers: [Layer]) -> Network {
        Network(name: "n", tensors: tensors, layers: layers, input: 0, output: layers[layers.count - 1].output)
    }

    private let picture: [Float] = (0..<32).map { Float($0 * 37 % 64) * 0.2 - 6.4 }

    private func rounded(_ x: Float, _ grid: PublishedGrid) -> Float { grid.rounded([x], shape: [1])[0] }

    private func run(_ network: Network, derivesGrids: Bool = false) throws -> (values: [Float], result: PublishedResult) {
        let result = try PublishedQuantizer(network, input: .measured, derivesGrids: derivesGrids).run()
        return (try logits(try load(try lowerInt8(network, result.quantized)), picture), result)
    }

    /// Integers of the file, its scales and its bias: what comes out is what integer arithmetic gives.
    func testIntegersOfTheFile() throws {
        let output = PublishedGrid(scales: [0.4], zeroPoints: [10], lowest: 0, highest: 255)
        let (a, b): (Float, Float) = (0.03, 0.007)
        let weights = [a * 5, a * -127, b * 44, b * 12]
        let network = network(
            [tensor("x", input), tensor("y", output)],
            [Layer(name: "c", operation: convolution(weights, [1, -2]), inputs: [0], output: 1)])
        let (values, result) = try run(network)
        XCTAssertEqual(result.quantized.layers[0].operation.weights.map(Int.init), [5, -127, 88, 24])
        XCTAssertEqual(result.roundedOutputs, 0)
        XCTAssertEqual(result.published, 2)
        XCTAssertEqual(result.derived, 0)
        for position in 0..<16 {
            let x = (0..<2).map { rounded(picture[position * 2 + $0], input) }
            for o in 0..<2 {
                let exact = x[0] * weights[o * 2] + x[1] * weights[o * 2 + 1] + [1, -2][o]
                XCTAssertEqual(values[position * 2 + o], rounded(exact, output), accuracy: 0.001)
            }
        }
    }

    /// Weights beyond 127 steps, as bytes with a zero point have them, go to the nearest grid, and are counted.
    func testWeightsThatDoNotFit() throws {
        let network = network(
            [tensor("x", input), tensor("y", input)],
            [Layer(name: "c", operation: convolution([0.2, 0.001 * 3, 0.03, 0.03], [0, 0]), inputs: [0], output: 1)])
        XCTAssertEqual(try run(network).result.roundedOutputs, 1)
    }

    /// A symmetric grid behind a ReLU does not clamp at 0 by itself.
    func testActivationThatSaturationCannotMake() throws {
        let network = network(
            [tensor("x", input), tensor("y", input)],
            [Layer(name: "c", operation: convolution([1, 0, 0, -1], [0, 0], .relu), inputs: [0], output: 1)])
        let (values, _) = try run(network)
        for position in 0..<16 {
            let x = (0..<2).map { rounded(picture[position * 2 + $0], input) }
            XCTAssertEqual(values[position * 2], rounded(max(x[0], 0), input), accuracy: 1e-4)
            XCTAssertEqual(values[position * 2 + 1], rounded(max(-x[1], 0), input), accuracy: 1e-4)
        }
    }

    /// Values without a grid are in FP32 up to the next one, where they are rounded also for readers in FP32; where it is asked for, those
    /// between known ends get one.
    func testValuesWithoutGrids() throws {
        let layers = [
            Layer(name: "c", operation: convolution([1, 0.5, -0.5, 1], [0, 0]), inputs: [0], output: 1),
            Layer(name: "s", operation: .activation(.sigmoid), inputs: [1], output: 2),
            Layer(name: "m", operation: .multiply, inputs: [0, 2], output: 3),
        ]
        let network = network([tensor("x", input), tensor("a", nil), tensor("b", input), tensor("y", nil)], layers)
        for (derives, floatLayers, accuracy) in [(false, ["c", "s", "m"], Float(1e-5)), (true, ["c", "s"], 0.03)] {
            let (values, result) = try run(network, derivesGrids: derives)
            XCTAssertEqual(result.floatLayers, floatLayers)
            XCTAssertEqual(result.derived, derives ? 1 : 0)
            for position in 0..<16 {
                let x = (0..<2).map { rounded(picture[position * 2 + $0], input) }
                let gate = rounded(1 / (1 + exp(-(x[0] + 0.5 * x[1]))), input)
                XCTAssertEqual(values[position * 2], x[0] * gate, accuracy: accuracy)
            }
        }
    }

    /// A value that one layer reads on its grid and another one as it is, is computed in FP32.
    func testValueThatIsAlsoReadAsItIs() throws {
        let layers = [
            Layer(name: "c", operation: convolution([1, 0.5, -0.5, 1], [0, 0]), inputs: [0], output: 1),
            Layer(name: "r", operation: .activation(.none), inputs: [1], output: 2),
            Layer(name: "a", operation: .add(.none), inputs: [1, 2], output: 3),
        ]
        let coarse = PublishedGrid(scales: [2], zeroPoints: [0], lowest: -128, highest: 127)
        let (values, result) = try run(network([tensor("x", input), tensor("a", nil), tensor("b", coarse), tensor("y", nil)], layers))
        XCTAssertEqual(result.floatLayers, ["c", "a"])
        for position in 0..<16 {
            let x = (0..<2).map { rounded(picture[position * 2 + $0], input) }
            let sum = x[0] + 0.5 * x[1]
            XCTAssertEqual(values[position * 2], sum + rounded(sum, coarse), accuracy: 1e-4)
        }
    }

    /// Pixels that fall between two steps go where a division by the scale puts them, by a grid for products or a table.
    func testPixelsBetweenSteps() {
        for (mean, std, zero) in [(Float(127.5), Float(127.5), Int8(0)), (127, 128, -1), (123.675, 58.395, -14)] {
            let grid = Grid(scales: [Float(mean == 127.5 ? 2.0 / 255 : 1 / Double(std))], zeros: [zero])
            let fit = InputFit(grid, mean: [mean, mean], std: [std, std])
            XCTAssertEqual(fit.isExact, mean != 127.5)
            XCTAssertEqual(fit.table.count, 256)
            for pixel in 0..<256 {
                let x = (Float(pixel) - mean) / std
                let code = min(max((x / grid.scales[0]).rounded(.toNearestOrEven) + Float(zero), -128), 127)
                XCTAssertEqual(Float(fit.table[pixel]) - 128, code)
                let product = (x * (1 / fit.grid.scales[1]) + Float(zero)).rounded(.toNearestOrEven)
                if fit.isExact { XCTAssertEqual(min(max(product, -128), 127), code) }
            }
        }
    }

    func testMoreThanEightBits() throws {
        let wide = PublishedGrid(scales: [0.001], zeroPoints: [0], lowest: -32768, highest: 32767)
        let layers = [Layer(name: "c", operation: convolution([1, 0.5, -0.5, 1], [0, 0]), inputs: [0], output: 1)]
        let (_, result) = try run(network([tensor("x", input), tensor("y", wide)], layers))
        XCTAssertEqual(result.floatLayers, ["c"])
    }
}
