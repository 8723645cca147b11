/// JPEG files of one 16x16 picture, (x * 16, y * 16, x * y) modulo 256, written by Pillow at quality 50 with optimized tables.
package struct SmallJPEG: Sendable {
    package var name: String
    package var bytes: [UInt8]
    /// The checksum of the RGB pixels that Pillow's `convert("RGB")` gives.
    package var pixelChecksum: UInt64

    private init(_ name: String, _ base64: String, _ pixelChecksum: UInt64) {
        self.name = name
        bytes = Base64.decoded(base64)
        self.pixelChecksum = pixelChecksum
    }

    package static let all = [baseline, progressive, gray, cmyk]

    package static let baseline = SmallJPEG(
        "baseline",
        """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/2wBDARESEh
        gVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P/wAARCAAQABADASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAA
        AAAABQb/xAAYEAADAQEAAAAAAAAAAAAAAAAABCExBf/EABUBAQEAAAAAAAAAAAAAAAAAAAIE/8QAGREAAgMBAAAAAAAAAAAAAAAAAAIEERMh/9oADAMBAAIRAxEAPwCZWQ
        yCi3PyCaqGQYV5+QgV9BQJ9V0//9k=
        """,
        0xD8CE_B890_B48A_6626)

    package static let progressive = SmallJPEG(
        "progressive",
        """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/2wBDARESEh
        gVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P/wgARCAAQABADASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAA
        AAAABAX/xAAVAQEBAAAAAAAAAAAAAAAAAAABBP/aAAwDAQACEAMQAAABmKSyd//EABYQAQEBAAAAAAAAAAAAAAAAAAIAA//aAAgBAQABBQIiOcRHO//EABURAQEAAAAAAA
        AAAAAAAAAAAAMA/9oACAEDAQE/AQe//8QAFhEBAQEAAAAAAAAAAAAAAAAAAQAS/9oACAECAQE/AR1f/8QAFBABAAAAAAAAAAAAAAAAAAAAIP/aAAgBAQAGPwIf/8QAFBAB
        AAAAAAAAAAAAAAAAAAAAIP/aAAgBAQABPyEJ3//aAAwDAQACAAMAAAAQO//EABYRAQEBAAAAAAAAAAAAAAAAABEAIf/aAAgBAwEBPxAzb//EABQRAQAAAAAAAAAAAAAAAA
        AAAAD/2gAIAQIBAT8QL//EABYQAAMAAAAAAAAAAAAAAAAAAAAhMf/aAAgBAQABPxCaJIiiCP/Z
        """,
        0xD8CE_B890_B48A_6626)

    package static let gray = SmallJPEG(
        "gray",
        """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/wAALCAAQAB
        ABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAABQb/xAAYEAADAQEAAAAAAAAAAAAAAAAABCExBf/aAAgBAQAAPwCZWQyCi3PyCaqGQYV5+Q//2Q==
        """,
        0x975B_E12D_F16C_3877)

    package static let cmyk = SmallJPEG(
        "cmyk",
        """
        /9j/7gAOQWRvYmUAZAAAAAAA/9sAQwAQCwwODAoQDg0OEhEQExgoGhgWFhgxIyUdKDozPTw5Mzg3QEhcTkBEV0U3OFBtUVdfYmdoZz5NcXlwZHhcZWdj/8AAFAgAEAAQBE
        MRAE0RAFkRAEsRAP/EABcAAQEBAQAAAAAAAAAAAAAAAAAHBgT/xAAcEAACAgMBAQAAAAAAAAAAAAAABQNCEhViESL/2gAOBEMATQBZAEsAAD8AzaSpm9PyYWGLMoBQElRp
        +TuhXZ1BP0lSgafkLIs/AUBJUafk1yxdn58g/9k=
        """,
        0xF811_1592_4E96_6ED3)

    /// 40x33 pixels with bad Huffman codes, and coefficients that overflow 16 bits: what libjpeg-turbo's SIMD code makes of them depends on
    /// the processor. The checksum is that of its pixels when decoded leniently.
    package static let damaged = SmallJPEG(
        "damaged",
        """
        /9j/4AAQSkZJRgABitTNdCMShlgIJWDwdgBFRXhpZgAAAP/bAEMAGxIUFxQRGxcWFx4cGyAoQisoJSUoUTo9MEJgVeVkX1VdW2p4mYFqcZBzW12FtYaQnqOr
        ratngLzJuqbHmairpP/bAEMBHB4eKCMoTisrTqRuXW6kpKSkpKSkpKSkpKSkpKTKpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpOj/wAARCAAo
        ACEDASIAAhEBAxEB/8QAGAAAAwEBAAAAAAAAAAAAAAAABwECAwT/xAAzEAACAQMDAQMJCQEAAAAAAAABAhEAAyESMVFBE5HwIjJSYXGBk6HSBBQjU1SSsdHh
        8f/EABgBAQADAQAAAAAAAAAAAAAAAAABAgME/8QAIxEAAgEDAwQDAAAAAAAAAAAAAAERAiFREhNhFDGBobHh8P/aAAwDAQACEQMRAD8AAAAAAGAQieOO3Uhx
        Ald0W93yjClIG4xnGQc9QBxtT0i6i2VZsqJYmZ6zjPT19KqUlrcslw7GDiDjPTcd1JWJcyzKWgLqkEe7p50cew0bcQLzCMeyH6M/Ab6qKWhvTufGNFadPXlj
        Xx8lobottKsNQ1HjAGZ4Mmdv5qnsm6Q5IZ8ktqH+cAf8pqwdEuMQYwD8/Pz8/Pz8/Pz8d/z8/Pz8/Pz8/PwBAAAAAAAAUPz8/Pz8/Pz8/Pz8/Pz8/Pz8/Pz8
        /Pz8/Pz0l+Mfqooork3ODs2qMH//2Q==
        """,
        0x1F47_15F7_D4F6_05E6)
}

extension SmallJPEG {
    /// The file with an EXIF segment that holds nothing but an orientation.
    package func oriented(_ value: UInt8, bigEndian: Bool) -> [UInt8] {
        let tiff: [UInt8] =
            bigEndian
            ? [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, value, 0, 0, 0, 0, 0, 0]
            : [0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, value, 0, 0, 0, 0, 0, 0, 0]
        var segment: [UInt8] = [0xFF, 0xE1, 0, UInt8(8 + tiff.count)]
        segment += Array("Exif\0\0".utf8)
        segment += tiff
        var file = bytes
        file.insert(contentsOf: segment, at: 2)
        return file
    }
}
