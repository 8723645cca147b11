import XCTest

@testable import SwiftletRuntime

final class PreprocessingTests: XCTestCase {
    private func size(_ height: Int, _ width: Int, shorterSide: Int) throws -> [Int] {
        let result = try Preprocessing(resize: .shorterSide(shorterSide), cropHeight: 0, cropWidth: 0).apply(
            Image(height: height, width: width))
        return [result.height, result.width]
    }

    func testShorterSide() throws {
        XCTAssertEqual(try size(375, 500, shorterSide: 256), [256, 341])
        XCTAssertEqual(try size(500, 375, shorterSide: 256), [341, 256])
        // Halves to even: 51.3 * 5 = 256.5, 51.5 * 5 = 257.5
        XCTAssertEqual(try size(20, 513, shorterSide: 10), [10, 256])
        XCTAssertEqual(try size(20, 515, shorterSide: 10), [10, 258])
        XCTAssertEqual(try size(7, 7, shorterSide: 7), [7, 7])
    }

    func testCropIsInTheMiddle() throws {
        // Rows 1 and 2 of 5, columns 0 to 2 of 4: the odd pixel is left out at the bottom and right.
        let image = try Image(height: 5, width: 4, pixels: (0..<60).map { UInt8($0) })
        let result = try Preprocessing(resize: .none, cropHeight: 2, cropWidth: 3).apply(image)
        XCTAssertEqual(result.bytes, Array(12..<21) + Array(24..<33))
    }

    func testChannelOrder() throws {
        let image = try Image(height: 1, width: 2, pixels: [1, 2, 3, 4, 5, 6])
        let whole = Preprocessing(resize: .none, cropHeight: 0, cropWidth: 0, channelOrder: .bgr)
        XCTAssertEqual(try whole.apply(image).bytes, [3, 2, 1, 6, 5, 4])
        XCTAssertEqual(image.bytes, [1, 2, 3, 4, 5, 6])
    }

    /// Pillow's `convert("L")` of these colors, taken before they are resized.
    func testGray() throws {
        let gray = Preprocessing(resize: .none, cropHeight: 0, cropWidth: 0, channelOrder: .gray, mean: [127.5], std: [2])
        let image = try Image(height: 2, width: 3, pixels: [255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30, 255, 255, 255, 7, 7, 7])
        let result = try gray.apply(image)
        XCTAssertEqual(result.channels, 1)
        XCTAssertEqual(result.bytes, [76, 150, 29, 18, 255, 7])
        XCTAssertEqual(result.withPixels(gray.normalize), [76, 150, 29, 18, 255, 7].map { ($0 - 127.5) / 2 })
        for interpolation in [Preprocessing.Interpolation.opencvBilinear, .pillowBilinear, .pillowBicubic] {
            let (colors, resize) = (try Image.random(height: 23, width: 31, seed: 9), Preprocessing.Resize.exact(height: 9, width: 40))
            let luma = try Preprocessing(resize: .none, cropHeight: 0, cropWidth: 0, channelOrder: .gray, mean: [0], std: [1]).apply(colors)
            let thrice = try Image(height: 23, width: 31, pixels: luma.bytes.flatMap { [$0, $0, $0] })
            let expected = try Preprocessing(resize: resize, cropHeight: 0, cropWidth: 0, interpolation: interpolation).apply(thrice)
            let found = try Preprocessing(
                resize: resize, cropHeight: 0, cropWidth: 0, interpolation: interpolation, channelOrder: .gray, mean: [0], std: [1]
            ).apply(colors)
            XCTAssertEqual(found.bytes, stride(from: 0, to: expected.byteCount, by: 3).map { expected.bytes[$0] }, "\(interpolation)")
        }
        XCTAssertEqual(
            inputError { _ = try gray.apply(result) }, "a picture of one channel, as preprocessing makes it: it is done already")
        XCTAssertEqual(
            inputError { _ = try Preprocessing(channelOrder: .gray).apply(image) }, "mean and std: one value each is needed")
    }

    /// The section has room for three values: they must be one where pictures are gray.
    func testGrayInAFile() throws {
        var writer = ByteWriter()
        Preprocessing(channelOrder: .gray, mean: [3], std: [4]).encode(into: &writer)
        func read(_ bytes: [UInt8]) -> Preprocessing? {
            bytes.withUnsafeBytes { section in
                var reader = ByteReader(section)
                return Preprocessing(from: &reader)
            }
        }
        XCTAssertEqual(read(writer.bytes), Preprocessing(channelOrder: .gray, mean: [3], std: [4]))
        for value in writer.bytes.count - 24..<writer.bytes.count where value % 4 == (writer.bytes.count - 1) % 4 {
            var bytes = writer.bytes
            bytes[value] ^= 0x40
            XCTAssertNil(read(bytes), "byte \(value)")
        }
        var builder = OneOperator.convolution(channels: 3)
        builder.preprocessing = Preprocessing(
            resize: .none, cropHeight: 0, cropWidth: 0, channelOrder: .gray, mean: [0], std: [1])
        XCTAssertEqual(OneOperator.error(builder)?.message, "preprocessing section: gives one channel, the model takes more")
    }

    func testNormalize() {
        let preprocessing = Preprocessing(mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375])
        let pixels: [UInt8] = (0..<255).map { UInt8($0) }
        let values = pixels.withUnsafeBufferPointer(preprocessing.normalize)
        XCTAssertEqual(values.count, pixels.count)
        for (index, value) in values.enumerated() {
            XCTAssertEqual(value, (Float(index) - preprocessing.mean[index % 3]) / preprocessing.std[index % 3])
            XCTAssertEqual(value, preprocessing.normalized(pixel: UInt8(index), channel: index % 3))
        }
    }

    /// From file to tensor; the reference divided by 255 first, so that the last bits differ.
    func testWholePipeline() throws {
        let reference = try NumpyArray(file: sharedFile("paddle/preproc/chelsea_cv2.npy"))
        XCTAssertEqual(reference.shape, [1, 3, 224, 224])
        let preprocessing = Preprocessing()
        let values = try preprocessing.apply(Image.decode(sharedFile("paddle/preproc/chelsea.jpg"))).withPixels(preprocessing.normalize)
        let plane = 224 * 224
        let largest = (0..<values.count).map { abs(values[$0] - reference.values[$0 % 3 * plane + $0 / 3]) }.max()
        XCTAssertLessThan(try XCTUnwrap(largest), 2e-6)
    }

    func testOutputSize() {
        XCTAssert(Preprocessing().outputSize! == (224, 224))
        XCTAssert(Preprocessing(resize: .exact(height: 3, width: 4), cropHeight: 0, cropWidth: 0).outputSize! == (3, 4))
        XCTAssertNil(Preprocessing(resize: .shorterSide(9), cropHeight: 0, cropWidth: 0).outputSize)
        XCTAssertNil(Preprocessing(resize: .none, cropHeight: 0, cropWidth: 0).outputSize)
    }

    func testErrors() throws {
        let image = try Image(height: 10, width: 12)
        func message(_ preprocessing: Preprocessing) -> String { inputError { _ = try preprocessing.apply(image) } }
        XCTAssertEqual(
            message(Preprocessing(resize: .none, cropHeight: 11, cropWidth: 11)), "12x10 pixels after resizing, less than the crop of 11x11"
        )
        XCTAssertEqual(message(Preprocessing(resize: .shorterSide(200))), "240x200 pixels after resizing, less than the crop of 224x224")
        XCTAssertEqual(message(Preprocessing(resize: .shorterSide(0))), "resize: a shorter side of 0 pixels")
        XCTAssertEqual(
            message(Preprocessing(resize: .shorterSide(65_500))), "a picture of 12x10 pixels is too long for a shorter side of 65500")
        XCTAssertEqual(message(Preprocessing(resize: .exact(height: 1 << 30, width: 1 << 30))), "resize: to 1073741824x1073741824 pixels")
        XCTAssertEqual(message(Preprocessing(resize: .exact(height: -1, width: 5))), "resize: to 5x-1 pixels")
        XCTAssertEqual(message(Preprocessing(cropHeight: 5, cropWidth: 0)), "crop: 0x5 pixels")
        XCTAssertEqual(message(Preprocessing(std: [1, 0, 1])), "mean and std: channel 1 has mean 116.28, std 0.0")
        XCTAssertEqual(message(Preprocessing(mean: [1, 2, .nan])), "mean and std: channel 2 has mean nan, std 57.375")
        XCTAssertEqual(message(Preprocessing(mean: [1])), "mean and std: three values each are needed")
        XCTAssertEqual(inputError { _ = try Image(height: 1, width: 2, pixels: [1, 2]) }, "2 bytes for a picture of 2x1 pixels")
        XCTAssert(inputError { _ = try Image(height: 65_501, width: 1) }.hasPrefix("a picture of 1x65501 pixels"))
    }
}
