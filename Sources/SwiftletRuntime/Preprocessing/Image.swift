internal import CPlatform

/// A picture of 8 bits a channel: [height][width][channels], rows from the top, red first unless said otherwise. Immutable once made.
public final class Image: @unchecked Sendable {
    /// Longest side, the most that a JPEG can have.
    public static let maximumSide = 65_500
    /// Most pixels, so that a damaged header cannot ask for an absurd allocation.
    public static let maximumPixels = 512 << 20

    static func isWithinBounds(height: Int, width: Int) -> Bool {
        // By division: the product may not fit a board's 32-bit Int.
        (1...maximumSide).contains(height) && (1...maximumSide).contains(width) && height <= maximumPixels / width
    }

    static func outOfBounds(height: Int, width: Int) -> SwiftletError {
        let most = "at most \(maximumPixels >> 20) Mi pixels"
        return .badInput("a picture of \(width)x\(height) pixels: sides are 1 to \(maximumSide), \(most)")
    }

    /// Rows, in pixels.
    public let height: Int
    /// Columns, in pixels.
    public let width: Int
    /// 3, or 1 where a `Preprocessing` has made it gray.
    public let channels: Int
    /// Written by whoever makes the picture, until it is handed out.
    let storage: UnsafeMutablePointer<UInt8>

    /// A black picture. Throws when the size is out of bounds or there is no memory for it.
    init(height: Int, width: Int, channels: Int = 3) throws(SwiftletError) {
        guard Image.isWithinBounds(height: height, width: width) else { throw Image.outOfBounds(height: height, width: width) }
        let bytes = height * width * channels
        guard let memory = sp_allocate(bytes) else { throw .outOfMemory(bytes, for: "a picture of \(width)x\(height) pixels") }
        self.height = height
        self.width = width
        self.channels = channels
        storage = memory.bindMemory(to: UInt8.self, capacity: bytes)
    }

    /// A picture from `pixels`, [height][width][3]. Throws when their number does not fit the size.
    public convenience init(height: Int, width: Int, pixels: [UInt8]) throws(SwiftletError) {
        try self.init(height: height, width: width)
        guard pixels.count == byteCount else { throw .badInput("\(pixels.count) bytes for a picture of \(width)x\(height) pixels") }
        pixels.withUnsafeBufferPointer { storage.update(from: $0.baseAddress!, count: $0.count) }
    }

    deinit {
        sp_free(storage)
    }

    /// height * width * channels
    public var byteCount: Int { height * width * channels }
    var rowBytes: Int { width * channels }

    /// Hands over the bytes, valid during the call.
    public func withPixels<Result, Failure: Error>(_ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result) throws(Failure) -> Result
    {
        defer { withExtendedLifetime(self) {} }
        return try body(UnsafeBufferPointer(start: storage, count: byteCount))
    }

    func row(_ index: Int) -> UnsafeMutablePointer<UInt8> {
        storage + index * rowBytes
    }

    /// The part inside `rows` and `columns`, which lie inside the picture.
    func cropped(rows: Range<Int>, columns: Range<Int>) throws(SwiftletError) -> Image {
        let result = try Image(height: rows.count, width: columns.count)
        for row in rows {
            result.row(row - rows.lowerBound).update(from: self.row(row) + columns.lowerBound * 3, count: result.rowBytes)
        }
        return result
    }
}
