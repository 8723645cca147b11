import SwiftletRuntime

/// PNG files of random samples in every form, uncompressed, with each of the five filters in turn. The same on every machine.
package struct SmallPNG: Sendable {
    package enum Color: UInt8, CaseIterable, Sendable {
        case gray = 0
        case rgb = 2
        case palette = 3
        case grayAlpha = 4
        case rgbAlpha = 6

        package var depths: [Int] {
            switch self {
            case .gray: [1, 2, 4, 8, 16]
            case .palette: [1, 2, 4, 8]
            default: [8, 16]
            }
        }

        var channels: Int {
            switch self {
            case .gray, .palette: 1
            case .grayAlpha: 2
            case .rgb: 3
            case .rgbAlpha: 4
            }
        }
    }

    package let height: Int
    package let width: Int
    package let bytes: [UInt8]
    /// [height][width][3], as Pillow's `convert("RGB")` gives them, of 16 bits the high byte.
    package let pixels: [UInt8]

    package init(_ color: Color, depth: Int, height: Int, width: Int, interlaced: Bool, seed: UInt64 = 1) {
        var random = SplitMix64(seed: seed)
        let (channels, levels) = (color.channels, 1 << depth)
        let samples = (0..<(height * width * channels)).map { _ in Int(random.next() >> 40) % levels }
        let palette = (0..<(3 * min(levels, 256))).map { _ in UInt8(truncatingIfNeeded: random.next() >> 40) }
        let rows = interlaced ? SmallPNG.passes : [(0, 0, 1, 1)]
        var data: [UInt8] = []
        for (x, y, dx, dy) in rows where x < width && y < height {
            var above: [UInt8]?
            for (count, row) in stride(from: y, to: height, by: dy).enumerated() {
                var line: [Int] = []
                for column in stride(from: x, to: width, by: dx) {
                    line += samples[((row * width + column) * channels)..<((row * width + column + 1) * channels)]
                }
                let packed = SmallPNG.packed(line, depth)
                let step = max(1, channels * depth / 8)
                data += SmallPNG.filtered(packed, above ?? [UInt8](repeating: 0, count: packed.count), UInt8(count % 5), step)
                above = packed
            }
        }
        (self.height, self.width) = (height, width)
        let header = SmallPNG.number(width) + SmallPNG.number(height) + [UInt8(depth), color.rawValue, 0, 0, interlaced ? 1 : 0]
        bytes =
            SmallPNG.signature + SmallPNG.chunk("IHDR", header) + (color == .palette ? SmallPNG.chunk("PLTE", palette) : [])
            + SmallPNG.chunk("IDAT", SmallPNG.zlib(data)) + SmallPNG.chunk("IEND", [])
        func byte(_ sample: Int) -> UInt8 { UInt8(depth == 16 ? sample >> 8 : sample * 255 / (levels - 1)) }
        pixels = (0..<(height * width)).flatMap { pixel -> [UInt8] in
            let first = samples[pixel * channels]
            switch color {
            case .palette: return Array(palette[(3 * first)..<(3 * first + 3)])
            case .gray, .grayAlpha: return [UInt8](repeating: byte(first), count: 3)
            case .rgb, .rgbAlpha: return (0..<3).map { byte(samples[pixel * channels + $0]) }
            }
        }
    }

    private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// First column and row, steps between columns and rows of Adam7's passes.
    private static let passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]

    /// Samples of `depth` bits, the highest bits first.
    private static func packed(_ samples: [Int], _ depth: Int) -> [UInt8] {
        guard depth < 8 else { return samples.flatMap { depth == 16 ? [UInt8($0 >> 8), UInt8($0 & 255)] : [UInt8($0)] } }
        var bytes = [UInt8](repeating: 0, count: (samples.count * depth + 7) / 8)
        for (index, sample) in samples.enumerated() { bytes[index * depth / 8] |= UInt8(sample) << UInt8(8 - depth - index * depth % 8) }
        return bytes
    }

    /// The row with its filter before it (PNG specification, 9.2). `step`: bytes from a sample to the one on its left.
    private static func filtered(_ row: [UInt8], _ above: [UInt8], _ filter: UInt8, _ step: Int) -> [UInt8] {
        [filter]
            + row.indices.map { index in
                let (left, up) = (index >= step ? Int(row[index - step]) : 0, Int(above[index]))
                let corner = index >= step ? Int(above[index - step]) : 0
                let predicted: Int
                switch filter {
                case 1: predicted = left
                case 2: predicted = up
                case 3: predicted = (left + up) / 2
                case 4:
                    let (a, b, c) = (abs(up - corner), abs(left - corner), abs(left + up - 2 * corner))
                    predicted = a <= b && a <= c ? left : b <= c ? up : corner
                default: predicted = 0
                }
                return row[index] &- UInt8(truncatingIfNeeded: predicted)
            }
    }

    // MARK: - The container

    private static func number(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }

    private static func chunk(_ type: StaticString, _ data: [UInt8]) -> [UInt8] {
        let body = (0..<4).map { type.utf8Start[$0] } + data
        return number(data.count) + body + checksum(body[...])
    }

    /// Stored blocks (RFC 1951, 3.2.4) in a zlib stream.
    private static func zlib(_ data: [UInt8]) -> [UInt8] {
        var stream: [UInt8] = [0x78, 0x01]
        var rest = data[...]
        repeat {
            let part = rest.prefix(65_535)
            rest = rest.dropFirst(part.count)
            let count = UInt16(part.count)
            stream += [rest.isEmpty ? 1 : 0, UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8(~count >> 8)] + part
        } while !rest.isEmpty
        var (a, b): (UInt32, UInt32) = (1, 0)
        for byte in data {
            a = (a + UInt32(byte)) % 65_521
            b = (b + a) % 65_521
        }
        return stream + [UInt8(b >> 8), UInt8(b & 255), UInt8(a >> 8), UInt8(a & 255)]
    }

    /// CRC-32 (ISO 3309) of a chunk's type and data.
    private static func checksum(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var value: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            value ^= UInt32(byte)
            for _ in 0..<8 { value = value & 1 != 0 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
        }
        return (0..<4).map { UInt8(truncatingIfNeeded: ~value >> UInt32(24 - 8 * $0)) }
    }

    /// A damaged file with right checksums, as far as its chunks can be found: so that a decoder looks at what they hold.
    package static func withRightChecksums(_ file: [UInt8]) -> [UInt8] {
        var file = file
        var place = signature.count
        while place + 12 <= file.count {
            let count = (0..<4).reduce(UInt64(0)) { $0 << 8 | UInt64(file[place + $1]) }
            guard count <= UInt64(file.count - place - 12) else { break }
            let end = place + 8 + Int(count)
            file.replaceSubrange(end..<(end + 4), with: checksum(file[(place + 4)..<end]))
            place = end + 4
        }
        return file
    }
}
