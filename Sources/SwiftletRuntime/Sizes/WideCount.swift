/// A number of values, bytes or operations, in 64 bits on every machine: all that is multiplied before memory is asked for.
///
/// What does not fit is `tooLarge`, and so is what is computed from it; products of counts that a file or a command line gives need one
/// comparison with a ceiling (`Ceilings`) at their end, and neither trap nor wrap on the way. An address's worth comes out of `within`. C
/// has the same in `sizes.h`.
package struct WideCount: Comparable, Sendable {
    /// The largest there is, where it is too large.
    package let value: UInt64

    package static var tooLarge: WideCount { WideCount(UInt64.max) }

    package init(_ value: UInt64) {
        self.value = value
    }

    /// A negative number counts nothing and is too large.
    package init(_ count: Int) {
        value = count < 0 ? UInt64.max : UInt64(count)
    }

    /// A field of a kernel's shape.
    init(_ count: Int32) {
        self.init(Int(count))
    }

    package static func + (a: WideCount, b: WideCount) -> WideCount {
        let (sum, overflows) = a.value.addingReportingOverflow(b.value)
        return overflows ? .tooLarge : WideCount(sum)
    }

    package static func * (a: WideCount, b: WideCount) -> WideCount {
        // A count of zero does not make another one small that is not known any more.
        guard a.value < .max, b.value < .max else { return .tooLarge }
        let (product, overflows) = a.value.multipliedReportingOverflow(by: b.value)
        return overflows ? .tooLarge : WideCount(product)
    }

    package static func + (a: WideCount, b: Int) -> WideCount { a + WideCount(b) }
    package static func * (a: WideCount, b: Int) -> WideCount { a * WideCount(b) }

    package static func < (a: WideCount, b: WideCount) -> Bool { a.value < b.value }

    /// Up to a whole number of cache lines of 64 bytes.
    var aligned: WideCount {
        let line: UInt64 = 64
        let end = self + Int(line - 1)
        return end.value == .max ? .tooLarge : WideCount(end.value / line * line)
    }

    /// As a number of this machine; nil beyond `ceiling`.
    package func within(_ ceiling: WideCount) -> Int? {
        self <= ceiling ? Int(exactly: value) : nil
    }

    /// The largest Int64 where it is too large.
    package var clamped: Int64 { Int64(clamping: value) }

    /// For messages.
    package var text: String { value == .max ? "more than 10^19" : "\(value)" }
}
