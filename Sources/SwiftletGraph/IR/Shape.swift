/// One extent of a value's shape, or one element of an integer constant that describes a shape.
///
/// The batch stays a symbol through shape arithmetic (Shape → Slice → Concat → Reshape), so that a graph means the same for any
/// batch.
package enum Dimension: Sendable, Hashable, ExpressibleByIntegerLiteral {
    case batch
    case fixed(Int)

    package init(integerLiteral value: Int) {
        self = .fixed(value)
    }

    /// nil for the batch.
    package var size: Int? {
        if case .fixed(let size) = self { size } else { nil }
    }
}

/// The shape of a value in the source model's order; maps are [batch, channels, height, width].
package struct Shape: Sendable, Hashable, ExpressibleByArrayLiteral {
    package var dimensions: [Dimension]

    package init(_ dimensions: [Dimension]) {
        self.dimensions = dimensions
    }

    package init(arrayLiteral elements: Dimension...) {
        dimensions = elements
    }

    package init(fixed sizes: [Int]) {
        dimensions = sizes.map { .fixed($0) }
    }

    package var rank: Int { dimensions.count }

    package subscript(axis: Int) -> Dimension { dimensions[axis] }

    /// The batch comes first and is nowhere else.
    package var isBatched: Bool {
        dimensions.first == .batch && !dimensions.dropFirst().contains(.batch)
    }

    /// Sizes behind the batch; nil when there is no batch in front.
    package var sizesPerPicture: [Int]? {
        isBatched ? dimensions.dropFirst().compactMap(\.size) : nil
    }

    /// Elements per picture of a batched shape; nil when there is no batch in front or the product overflows.
    package var countPerPicture: Int? {
        sizesPerPicture.flatMap { $0.checkedProduct }
    }

    /// [batch, channels, height, width].
    package var map: (channels: Int, height: Int, width: Int)? {
        guard let sizes = sizesPerPicture, sizes.count == 3 else { return nil }
        return (sizes[0], sizes[1], sizes[2])
    }

    /// The one axis of a batched shape whose extent is not 1, when there is at most one such axis: [N, C], [N, C, 1, 1], [N, 1, 1, C].
    /// The first axis behind the batch when all are 1.
    package var vectorAxis: Int? {
        guard let sizes = sizesPerPicture, !sizes.isEmpty else { return nil }
        let long = sizes.indices.filter { sizes[$0] != 1 }
        guard long.count <= 1 else { return nil }
        return (long.first ?? 0) + 1
    }
}

extension Shape {
    /// Elements of a shape that is a vector a picture; nil for a map. A shape without the batch is that of one picture.
    var vectorCount: Int? {
        if dimensions.first == .batch { return vectorAxis == nil ? nil : countPerPicture }
        let sizes = dimensions.compactMap(\.size)
        guard sizes.count == rank, sizes.count(where: { $0 != 1 }) <= 1 else { return nil }
        return sizes.checkedProduct
    }
}

extension Shape: CustomStringConvertible {
    package var description: String {
        let parts = dimensions.map { dimension in dimension.size.map(String.init) ?? "N" }
        return "[" + parts.joined(separator: ", ") + "]"
    }
}

extension Shape {
    /// No value of more axes is taken for real. ONNX's own operators go to five.
    package static let rankLimit = 64
    /// No value of more elements is taken for real: it keeps products of a few sizes far from overflow.
    static let elementLimit = 1 << 31

    /// A shape that a value may have which is computed while the model runs: not empty, and within the limits.
    var isPlausible: Bool {
        let sizes = dimensions.compactMap(\.size)
        return rank <= Self.rankLimit && sizes.allSatisfy { $0 > 0 } && sizes.checkedExtent != nil
    }
}

extension Sequence<Int> {
    /// nil when a factor is negative, or the product of those that are not 0 overflows: the product of any part of a shape, such as a
    /// stride, is then within bounds, too.
    var checkedProduct: Int? {
        var product = 1
        var isEmpty = false
        for factor in self {
            let (result, overflow) = product.multipliedReportingOverflow(by: Swift.max(factor, 1))
            guard factor >= 0, !overflow else { return nil }
            product = result
            if factor == 0 { isEmpty = true }
        }
        return isEmpty ? 0 : product
    }

    /// The number of elements of a shape; nil when a size is negative, or `Constant` would not have such a shape.
    package var elementCount: Int? {
        checkedExtent == nil ? nil : checkedProduct
    }

    /// The number of steps that a loop over these sizes takes at most, an outer loop around an inner one of none included; nil as above,
    /// and beyond `Shape.elementLimit`.
    var checkedExtent: Int? {
        let extent = map { $0 == 0 ? 1 : $0 }.checkedProduct
        return extent.flatMap { $0 < Shape.elementLimit ? $0 : nil }
    }
}
