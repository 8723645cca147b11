internal import CPlatform

/// Blocks of memory with one owner: all of them are given back at its end, also where an error ends the making of what they are for.
///
/// Their content is trivial: nothing in them needs an end of its own.
struct OwnedMemory: ~Copyable {
    private var blocks: [UnsafeMutableRawPointer] = []
    /// Of all blocks.
    private(set) var byteCount = 0

    deinit {
        for block in blocks { sp_free(block) }
    }

    /// A block of zeros on a boundary of 64 bytes.
    /// - Parameter purpose: what it is for, in words for an error.
    mutating func allocate(_ bytes: Int, for purpose: String) throws(SwiftletError) -> UnsafeMutableRawPointer {
        guard let block = sp_allocate(bytes) else { throw .outOfMemory(bytes, for: purpose) }
        blocks.append(block)
        byteCount += bytes
        return block
    }

    /// A copy of some bytes, on a boundary of 64 bytes.
    mutating func copy(_ bytes: UnsafeRawBufferPointer, for purpose: String) throws(SwiftletError)
        -> UnsafeRawBufferPointer
    {
        let block = try allocate(bytes.count, for: purpose)
        if let source = bytes.baseAddress { block.copyMemory(from: source, byteCount: bytes.count) }
        return UnsafeRawBufferPointer(start: block, count: bytes.count)
    }

    /// Room for a list of at most `capacity` elements.
    mutating func list<Element>(
        of type: Element.Type, capacity: Int, for purpose: String
    ) throws(SwiftletError) -> FixedList<Element> {
        let bytes = (WideCount(capacity) * MemoryLayout<Element>.stride).within(WideCount(Int.max))
        guard let bytes else { throw .outOfMemory(Int.max, for: purpose) }
        return FixedList(try allocate(bytes, for: purpose).bindMemory(to: Element.self, capacity: max(1, capacity)))
    }
}

/// A list in memory that an `OwnedMemory` keeps: its elements never move, and it holds no more than there was room made for.
struct FixedList<Element> {
    private let base: UnsafeMutablePointer<Element>
    private(set) var count = 0

    init(_ base: UnsafeMutablePointer<Element>) {
        self.base = base
    }

    /// Appends an element and returns where it stands.
    @discardableResult
    mutating func append(_ element: Element) -> UnsafePointer<Element> {
        let place = base + count
        place.initialize(to: element)
        count += 1
        return UnsafePointer(place)
    }

    /// The elements from number `first` on.
    func elements(from first: Int = 0) -> UnsafeBufferPointer<Element> {
        UnsafeBufferPointer(start: base + first, count: count - first)
    }
}
