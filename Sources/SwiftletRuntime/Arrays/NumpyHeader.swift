/// The header of a `.npy` file: a Python dictionary of three entries, in any order.
struct NumpyHeader {
    /// Byte order, kind and size, such as "<f4".
    private(set) var type: [UInt8] = []
    private(set) var isFortranOrder = false
    private(set) var shape: [Int] = []

    /// Nil when it is not such a dictionary, or an entry is missing, unknown or there twice.
    init?(_ text: UnsafeRawBufferPointer) {
        var scanner = Scanner(rest: text[...])
        guard scanner.skip("{") else { return nil }
        var (hasType, hasOrder, hasShape) = (false, false, false)
        while !scanner.skip("}") {
            if scanner.skip("'descr'"), scanner.skip(":"), !hasType, let type = scanner.quoted() {
                self.type = type
                hasType = true
            } else if scanner.skip("'fortran_order'"), scanner.skip(":"), !hasOrder {
                isFortranOrder = scanner.skip("True")
                guard isFortranOrder || scanner.skip("False") else { return nil }
                hasOrder = true
            } else if scanner.skip("'shape'"), scanner.skip(":"), !hasShape, let shape = scanner.tuple() {
                self.shape = shape
                hasShape = true
            } else {
                return nil
            }
            guard scanner.skip(",") || scanner.next == UInt8(ascii: "}") else { return nil }
        }
        guard hasType, hasOrder, hasShape else { return nil }
    }

    private struct Scanner {
        var rest: Slice<UnsafeRawBufferPointer>

        /// The next byte that is not a space.
        var next: UInt8? {
            mutating get {
                while rest.first == 0x20 { rest.removeFirst() }
                return rest.first
            }
        }

        /// Whether `word` comes next; if so it is read.
        mutating func skip(_ word: StaticString) -> Bool {
            guard next != nil else { return false }
            let bytes = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
            guard rest.starts(with: bytes) else { return false }
            rest.removeFirst(bytes.count)
            return true
        }

        mutating func quoted() -> [UInt8]? {
            guard skip("'"), let end = rest.firstIndex(of: UInt8(ascii: "'")) else { return nil }
            defer { rest = rest[(end + 1)...] }
            return Array(rest[..<end])
        }

        /// Numbers in parentheses with commas between them, possibly one at the end.
        mutating func tuple() -> [Int]? {
            guard skip("(") else { return nil }
            var numbers: [Int] = []
            while !skip(")") {
                guard let number = number() else { return nil }
                if numbers.count <= NumpyFile.maximumAxes { numbers.append(number) }  // one more tells that there are too many
                guard skip(",") || next == UInt8(ascii: ")") else { return nil }
            }
            return numbers
        }

        private mutating func number() -> Int? {
            guard let first = next, (0x30...0x39).contains(first) else { return nil }
            var value = 0
            while let digit = rest.first, (0x30...0x39).contains(digit) {
                let (tens, overflows) = value.multipliedReportingOverflow(by: 10)
                let (sum, overflowsToo) = tens.addingReportingOverflow(Int(digit) - 0x30)
                guard !overflows, !overflowsToo else { return nil }
                value = sum
                rest.removeFirst()
            }
            return value
        }
    }
}
