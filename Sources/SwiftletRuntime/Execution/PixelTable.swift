/// Turns pixels into input values by look-up, so that normalizing and quantizing cost a load a value.
enum PixelTable {
    /// `table` is [256][channels].
    static func apply<Value>(
        _ table: UnsafePointer<Value>, _ pixels: UnsafeBufferPointer<UInt8>, _ channels: Int, to output: UnsafeMutablePointer<Value>
    ) {
        var index = 0
        while index < pixels.count {
            for channel in 0..<channels {
                output[index + channel] = table[Int(pixels[index + channel]) * channels + channel]
            }
            index += channels
        }
    }
}
