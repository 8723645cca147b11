/// The part to compute of a picture resized to height x width.
struct ResizeWindow {
    var height: Int
    var width: Int
    var rows: Range<Int>
    var columns: Range<Int>

    /// An empty result: black, of the window's size.
    func makeResult() throws(SwiftletError) -> Image {
        try Image(height: rows.count, width: columns.count)
    }
}
