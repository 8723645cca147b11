/// One extent of a value's shape, or one element of an integer constant that describes a shape.
///
/// The batch stays a symbol through shape arithmetic (Shape → Slice → Concat → Reshape), so that a graph means the same for any batch.
public enum Dimension: Sendable, Hashable, ExpressibleByIntegerLiteral {
    case batch
    case fixed(Int)

    public init(integerLiteral value: Int) {
        self = .fixed(value)
    }

    /// nil for the batch.
    public var size: Int? {
        if case .fixed(let size) = self { size } else { nil }
    }
}

/// The shape of a value in the source model's order; maps are [batch, channels, height, width].
public struct Shape: Sendable, Hashable, ExpressibleByArrayLiteral {
    public var dimensions: [Dimension]

    public init(_ dimensions: [Dimension]) {
        self.dimensions = dimensions
    }

    public init(arrayLiteral elements: Dimension...) {
        dimensions = elements
    }

    public init(fixed sizes: [Int]) {
        dimensions = sizes.map { .fixed($0) }
    }

    public var rank: Int { dimensions.count }

    public subscript(axis: Int) -> Dimension { dimensions[axis] }

    /// The batch comes first and is nowhere else.
    public var isBatched: Bool {
        dimensions.first == .batch && !dimensions.dropFirst().contains(.batch)
    }

    /// Sizes behind the batch; nil when there is no batch in front.
    public var sizesPerPicture: [Int]? {
        isBatched ? dimensions.dropFirst().compactMap(\.size) : nil
    }

    /// Elements per picture of a batched shape; nil when there is no batch in front or the product overflows.
    public var countPerPicture: Int? {
        sizesPerPicture.flatMap { $0.checkedProduct }
    }

    /// [batch, channels, height, width].
    public var map: (channels: Int, height: Int, width: Int)? {
        guard let sizes = sizesPerPicture, sizes.count == 3 else { return nil }
        return (sizes[0], sizes[1], sizes[2])
    }

    /// The one axis of a batched shape whose extent is not 1, when there is at most one such axis: [N, C], [N, C, 1, 1], [N, 1, 1, C].
    /// The first axis behind the batch when all are 1.
    public var vectorAxis: Int? {
        guard let sizes = sizesPerPicture, !sizes.isEmpty else { return nil }
        let long = sizes.indices.filter { sizes[$0] != 1 }
        guard long.count <= 1 else { return nil }
        return (long.first ?? 0) + 1
    }
}

extension Shape: CustomStringConvertible {
    public var description: String {
        let parts = dimensions.map { dimension in dimension.size.map(String.init) ?? "N" }
        return "[" + parts.joined(separator: ", ") + "]"
    }
}

extension Sequence<Int> {
    /// nil when a factor is negative or the product overflows.
    var checkedProduct: Int? {
        var product = 1
        for factor in self {
            let (result, overflow) = product.multipliedReportingOverflow(by: factor)
            guard factor >= 0, !overflow else { return nil }
            product = result
        }
        return product
    }
}
