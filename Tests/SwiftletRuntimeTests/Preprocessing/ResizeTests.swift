import XCTest

@testable import SwiftletRuntime

/// Against the libraries themselves: checksums of what OpenCV 4.10.0 (INTER_LINEAR) and Pillow 13.0.0 (BILINEAR, BICUBIC) make of pictures
/// of SplitMix64 numbers.
final class ResizeTests: XCTestCase {
    private struct Case {
        var height: Int, width: Int
        var newHeight: Int, newWidth: Int
        /// One an interpolation, in the order of their raw values.
        var checksums: [UInt64]

        init(_ height: Int, _ width: Int, _ newHeight: Int, _ newWidth: Int, _ checksums: [UInt64]) {
            (self.height, self.width, self.newHeight, self.newWidth, self.checksums) = (height, width, newHeight, newWidth, checksums)
        }
    }

    private let cases = [
        Case(31, 45, 17, 22, [0x55B2_E0D6_99D6_73E3, 0x3BA7_4AE1_3E0F_0F95, 0x784F_8158_E39B_8D11]),
        Case(20, 13, 41, 57, [0x5CBB_EA00_C319_84A5, 0x6FCD_DF70_8992_A05D, 0xB6A8_8B0C_50D3_C658]),
        Case(64, 64, 32, 32, [0xD9C4_3CA0_6585_7730, 0x637C_E160_9AEE_7E15, 0x6502_7353_0C95_0FC4]),
        Case(57, 9, 11, 40, [0x6B7E_4312_6907_D4AA, 0xB5F9_EC40_BE4C_DB10, 0xC8BB_0B69_A466_F07C]),
        Case(7, 90, 30, 13, [0x001B_8B98_7D4B_16DB, 0xAB7D_A270_F89C_D9BE, 0x8023_84F2_F2B4_1566]),
        Case(90, 30, 20, 29, [0xAB63_8557_F9F8_AEA1, 0xF3BF_E930_E131_4692, 0x7B14_6E55_71F0_BB32]),
        Case(1, 1, 5, 3, [0x098A_90D2_0528_6ACA, 0x098A_90D2_0528_6ACA, 0x098A_90D2_0528_6ACA]),
    ]

    private func resized(_ image: Image, _ height: Int, _ width: Int, _ interpolation: Preprocessing.Interpolation, crop: Int = 0) throws
        -> Image
    {
        try Preprocessing(resize: .exact(height: height, width: width), cropHeight: crop, cropWidth: crop, interpolation: interpolation)
            .apply(image)
    }

    func testEqualsTheLibraries() throws {
        for item in cases {
            let image = try Image.random(height: item.height, width: item.width, seed: UInt64(item.height * 1000 + item.width))
            for (index, checksum) in item.checksums.enumerated() {
                let interpolation = try XCTUnwrap(Preprocessing.Interpolation(rawValue: UInt8(index)))
                let result = try resized(image, item.newHeight, item.newWidth, interpolation)
                XCTAssertEqual(result.height, item.newHeight)
                XCTAssertEqual(result.width, item.newWidth)
                XCTAssertEqual(result.checksum, checksum, "\(interpolation) \(item)")
            }
        }
    }

    /// What the crop leaves out is not computed: the rest must be the same.
    func testCropIsAPartOfTheWhole() throws {
        for item in cases where min(item.newHeight, item.newWidth) > 4 {
            let image = try Image.random(height: item.height, width: item.width, seed: 3)
            let crop = min(item.newHeight, item.newWidth) - 3
            let (top, left) = ((item.newHeight - crop) / 2, (item.newWidth - crop) / 2)
            for interpolation in [Preprocessing.Interpolation.opencvBilinear, .pillowBilinear, .pillowBicubic] {
                let whole = try resized(image, item.newHeight, item.newWidth, interpolation)
                let part = try resized(image, item.newHeight, item.newWidth, interpolation, crop: crop)
                let expected = try whole.cropped(rows: top..<(top + crop), columns: left..<(left + crop))
                XCTAssertEqual(part.bytes, expected.bytes, "\(interpolation) \(item)")
            }
        }
    }

    /// Photographs through the usual pipeline, against the pixels that the two libraries gave.
    func testPhotographs() throws {
        for name in ["chelsea", "coffee", "rocket"] {
            let image = try Image.decode(sharedFile("paddle/preproc/\(name).jpg"))
            for (interpolation, library) in [(Preprocessing.Interpolation.opencvBilinear, "cv2"), (.pillowBilinear, "pil")] {
                let expected = try NumpyArray(file: sharedFile("paddle/preproc/\(name)_\(library)_rgb_u8.npy"))
                let result = try Preprocessing(interpolation: interpolation).apply(image)
                XCTAssertEqual(expected.shape, [result.height, result.width, 3])
                XCTAssert(result.bytes.map { Float($0) } == expected.values, "\(name), \(library)")
            }
        }
    }

    func testDecodedPhotograph() throws {
        let expected = try NumpyArray(file: sharedFile("paddle/preproc/chelsea_decoded_rgb_u8.npy"))
        let image = try Image.decode(sharedFile("paddle/preproc/chelsea.jpg"))
        XCTAssertEqual(expected.shape, [image.height, image.width, 3])
        XCTAssert(image.bytes.map { Float($0) } == expected.values)
    }
}
