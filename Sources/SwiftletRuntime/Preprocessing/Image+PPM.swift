extension Image {
    /// Decodes a binary PPM (P6) or PGM (P5, which becomes three equal channels) of at most 255 levels. Fewer levels are spread over 0 to
    /// 255 and rounded, halves to even, as Pillow does. What follows the first picture is not looked at.
    static func decodePPM(_ bytes: UnsafeRawBufferPointer) throws(SwiftletError) -> Image {
        var header = PPMHeaderReader(bytes)
        guard let channels = header.channels() else { throw .badFile("PPM: does not begin with P5 or P6") }
        guard let width = header.number(), let height = header.number(), let maximum = header.number(), header.separator() else {
            throw .badFile("PPM: the header is damaged or truncated")
        }
        guard (1...255).contains(maximum) else { throw .badFile("PPM: maximum \(maximum), supported are 1 to 255") }
        guard isWithinBounds(height: height, width: width) else { throw .badFile("PPM: size \(width)x\(height) is out of bounds") }
        guard let pixels = header.pixels(width * height * channels) else {
            throw .badFile("PPM: the file is too short for \(width)x\(height) pixels")
        }

        let image = try Image(height: height, width: width)
        let levels = (0...255).map { spread(min($0, maximum), over: maximum) }
        if channels == 3 {
            for index in 0..<pixels.count { image.storage[index] = levels[Int(pixels[index])] }
        } else {
            for index in 0..<pixels.count {
                let value = levels[Int(pixels[index])]
                image.storage[3 * index] = value
                image.storage[3 * index + 1] = value
                image.storage[3 * index + 2] = value
            }
        }
        return image
    }

    /// value * 255 / maximum, halves to even
    private static func spread(_ value: Int, over maximum: Int) -> UInt8 {
        let (whole, rest) = (value * 255).quotientAndRemainder(dividingBy: maximum)
        let roundsUp = 2 * rest > maximum || (2 * rest == maximum && whole % 2 == 1)
        return UInt8(whole + (roundsUp ? 1 : 0))
    }
}

/// Fields of a PNM header, separated by white space and by comments from `#` to the end of the line.
private struct PPMHeaderReader {
    private var bytes: ByteReader

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = ByteReader(bytes)
    }

    /// 1 for P5, 3 for P6.
    mutating func channels() -> Int? {
        guard bytes.uint8() == 0x50, let digit = bytes.uint8() else { return nil }
        return digit == 0x35 ? 1 : digit == 0x36 ? 3 : nil
    }

    mutating func number() -> Int? {
        var ahead = bytes
        guard var byte = ahead.uint8(), Self.isSpace(byte) || byte == 0x23 else { return nil }
        while Self.isSpace(byte) || byte == 0x23 {
            if byte == 0x23 {
                repeat {
                    guard let next = ahead.uint8() else { return nil }
                    byte = next
                } while byte != 0x0A && byte != 0x0D
            }
            guard let next = ahead.uint8() else { return nil }
            byte = next
        }
        var value = 0
        var digits = 0
        while (0x30...0x39).contains(byte) {
            digits += 1
            guard digits <= 9 else { return nil }
            value = value * 10 + byte - 0x30
            bytes = ahead
            guard let next = ahead.uint8() else { break }
            byte = next
        }
        return digits > 0 ? value : nil
    }

    /// The one white space between header and pixels.
    mutating func separator() -> Bool {
        guard let byte = bytes.uint8() else { return false }
        return Self.isSpace(byte)
    }

    mutating func pixels(_ count: Int) -> UnsafeRawBufferPointer? {
        bytes.take(count)
    }

    private static func isSpace(_ byte: Int) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
}
