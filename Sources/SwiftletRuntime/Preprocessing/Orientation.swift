/// How a stored picture has to be turned to be upright: EXIF tag 0x0112, values 1 to 8 (JEITA CP-3451, 4.6.4).
enum Orientation: Int {
    case upright = 1
    case mirrored = 2
    case upsideDown = 3
    case mirroredUpsideDown = 4
    case transposed = 5
    case turnClockwise = 6
    case transverse = 7
    case turnCounterclockwise = 8

    /// The turned picture; the picture itself when it is upright.
    func turn(_ image: Image) throws(SwiftletError) -> Image {
        if self == .upright { return image }
        let swapsAxes = rawValue >= 5
        let fromRight = [2, 3, 7, 8].contains(rawValue)
        let fromBottom = [3, 4, 6, 7].contains(rawValue)
        let result = try Image(height: swapsAxes ? image.width : image.height, width: swapsAxes ? image.height : image.width)

        // Where the first pixel of the result is in the source, and how far apart neighbors are there, in bytes.
        let origin = (fromBottom ? (image.height - 1) * image.rowBytes : 0) + (fromRight ? image.rowBytes - 3 : 0)
        let down = fromBottom ? -image.rowBytes : image.rowBytes
        let right = fromRight ? -3 : 3
        let (rowStep, columnStep) = swapsAxes ? (right, down) : (down, right)
        for y in 0..<result.height {
            var from = UnsafePointer(image.storage) + origin + y * rowStep
            var to = result.row(y)
            for x in 0..<result.width {
                to[0] = from[0]
                to[1] = from[1]
                to[2] = from[2]
                to += 3
                // Not past the last pixel: the pointer would leave the picture.
                if x + 1 < result.width { from += columnStep }
            }
        }
        return result
    }
}

extension Orientation {
    /// Reads the orientation of a JPEG; what is missing, damaged or out of range is upright.
    init(inJPEG bytes: UnsafeRawBufferPointer) {
        var value = 1
        if let segment = Orientation.exifSegment(of: bytes) { value = Orientation.value(inTIFF: segment) ?? 1 }
        self = Orientation(rawValue: value) ?? .upright
    }

    /// The TIFF structure inside the first APP1 segment that is EXIF.
    private static func exifSegment(of bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        let signature: [UInt8] = [0x45, 0x78, 0x69, 0x66, 0, 0]  // "Exif", 0, 0
        var offset = 2
        while offset + 4 <= bytes.count, bytes[offset] == 0xFF {
            let marker = bytes[offset + 1]
            switch marker {
            case 0xFF:  // fill byte
                offset += 1
            case 0x01, 0xD0...0xD7:  // no length
                offset += 2
            case 0xD9, 0xDA:  // end of file, start of scan
                return nil
            default:
                let length = Int(bytes[offset + 2]) << 8 | Int(bytes[offset + 3])
                guard length >= 2, offset + 2 + length <= bytes.count else { return nil }
                let payload = UnsafeRawBufferPointer(rebasing: bytes[(offset + 4)..<(offset + 2 + length)])
                if marker == 0xE1, payload.starts(with: signature) { return UnsafeRawBufferPointer(rebasing: payload[signature.count...]) }
                offset += 2 + length
            }
        }
        return nil
    }

    private static func value(inTIFF tiff: UnsafeRawBufferPointer) -> Int? {
        guard tiff.count >= 8, tiff[0] == tiff[1], tiff[0] == UInt8(ascii: "I") || tiff[0] == UInt8(ascii: "M") else { return nil }
        let isBigEndian = tiff[0] == UInt8(ascii: "M")
        func integer(at offset: Int, bytes count: Int) -> Int? {
            guard offset <= tiff.count - count else { return nil }
            return (0..<count).reduce(0) { $0 | Int(tiff[offset + $1]) << (8 * (isBigEndian ? count - 1 - $1 : $1)) }
        }
        // A 32-bit offset may not fit the board's Int.
        guard integer(at: 2, bytes: 2) == 42, let high = integer(at: isBigEndian ? 4 : 6, bytes: 2), high < 0x4000,
            let low = integer(at: isBigEndian ? 6 : 4, bytes: 2)
        else { return nil }
        let directory = high << 16 | low
        guard let entries = integer(at: directory, bytes: 2) else { return nil }
        for entry in 0..<entries {
            let offset = directory + 2 + 12 * entry
            guard let tag = integer(at: offset, bytes: 2) else { return nil }
            if tag == 0x0112 { return integer(at: offset + 8, bytes: 2) }
        }
        return nil
    }
}
