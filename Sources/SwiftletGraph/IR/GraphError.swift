/// Why a graph cannot become a network.
package enum GraphError: Error, Sendable, Equatable {
    /// The model contradicts itself: a shape, count or attribute that cannot be.
    case invalid(node: String, reason: String)
    /// Every node that the project has no operator for, or that no rewrite could bring into a form that it has.
    case unsupported([UnsupportedNode])
}

package struct UnsupportedNode: Sendable, Equatable {
    package var name: String
    /// The source model's operator type.
    package var kind: String
    package var reason: String

    package init(name: String, kind: String, reason: String) {
        self.name = name
        self.kind = kind
        self.reason = reason
    }
}

extension GraphError: CustomStringConvertible {
    /// One line.
    package var description: String {
        let text =
            switch self {
            case .invalid(let node, let reason): "node '\(node)': \(reason)"
            case .unsupported(let nodes): "unsupported operators: " + UnsupportedNode.summary(of: nodes)
            }
        return text.onOneLine
    }
}

extension String {
    /// Names come from files: control characters in them would break the line that an error is.
    package var onOneLine: String {
        String(map { $0.isNewline || $0.unicodeScalars.contains { $0.value < 32 || $0.value == 127 } ? "?" : $0 })
    }
}

extension UnsupportedNode {
    /// All nodes in one line, those of one kind and reason together: `ConvTranspose (no such operator): up1, up2; …`.
    package static func summary(of nodes: [UnsupportedNode]) -> String {
        var order: [String] = []
        var names: [String: [String]] = [:]
        for node in nodes {
            let heading = "\(node.kind) (\(node.reason))"
            if names[heading] == nil { order.append(heading) }
            names[heading, default: []].append(node.name)
        }
        return order.map { heading in "\(heading): " + names[heading]!.joined(separator: ", ") }.joined(separator: "; ")
    }
}
