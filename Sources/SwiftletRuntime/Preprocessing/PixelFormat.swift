/// How raw pixels lie in memory, rows from the top, as cameras and other libraries give them. The numbers are those of `swiftlet.h`, which
/// says what each means.
package enum PixelFormat: Int32, CaseIterable, Sendable {
    case rgb = 0
    case bgr = 1
    case rgba = 2
    case bgra = 3
    case gray = 4
    case nv12 = 5
    case i420 = 6
    case yuyv = 7

    /// Bytes of a row without what pads it; of NV12 and I420, of a row of Y.
    package func rowBytes(width: Int) -> Int {
        switch self {
        case .rgb, .bgr: 3 * width
        case .rgba, .bgra: 4 * width
        case .gray, .nv12, .i420: width
        case .yuyv: 2 * width
        }
    }

    /// Rows of the stride's length that a picture takes, those of color among them.
    private func rows(height: Int) -> Int {
        switch self {
        case .nv12, .i420: height + height / 2
        default: height
        }
    }

    /// - Parameter stride: bytes from one row to the next.
    /// - Throws: bad input where a picture of the format cannot have these sizes, or would not fit into memory.
    func check(height: Int, width: Int, stride: Int) throws(SwiftletError) {
        guard Image.isWithinBounds(height: height, width: width) else { throw Image.outOfBounds(height: height, width: width) }
        if self == .nv12 || self == .i420 {
            guard height % 2 == 0 else { throw .badInput("\(self) pixels: the height is \(height), not even") }
        }
        if self == .nv12 || self == .i420 || self == .yuyv {
            guard width % 2 == 0 else { throw .badInput("\(self) pixels: the width is \(width), not even") }
        }
        let least = rowBytes(width: width)
        guard stride >= least else { throw .badInput("\(self) pixels: the stride is \(stride), less than the \(least) bytes of a row") }
        guard self != .i420 || stride % 2 == 0 else { throw .badInput("\(self) pixels: the stride is \(stride), not even") }
        guard !stride.multipliedReportingOverflow(by: rows(height: height)).overflow else {
            throw .badInput("\(self) pixels: \(height) rows of \(stride) bytes do not fit into memory")
        }
    }
}

extension PixelFormat: CustomStringConvertible {
    package var description: String {
        switch self {
        case .rgb: "RGB"
        case .bgr: "BGR"
        case .rgba: "RGBA"
        case .bgra: "BGRA"
        case .gray: "gray"
        case .nv12: "NV12"
        case .i420: "I420"
        case .yuyv: "YUYV"
        }
    }
}
