import Foundation

/// An SVG picture that a phone shows legibly, in light and dark: 480 units wide, letters of 13.
struct SVGDrawing {
    enum Anchor: String { case start, middle, end }

    static let width = 480.0
    private static let style = """
        svg { background: #fff; fill: #222; font: 13px sans-serif }
        .int8 { fill: #1f6fae; stroke: #1f6fae }
        .fp32 { fill: #8a6d3b; stroke: #8a6d3b }
        .band { fill-opacity: 0.25; stroke-opacity: 0 }
        .line { fill: none; stroke-width: 2 }
        .axis { fill: none; stroke: #999; stroke-width: 1 }
        .ideal { fill: none; stroke: #666; stroke-width: 1.5; stroke-dasharray: 5 4 }
        .note { fill: #555; font-size: 12px }
        @media (prefers-color-scheme: dark) {
          svg { background: #16191c; fill: #e6e6e6 }
          .int8 { fill: #6ab4ee; stroke: #6ab4ee }
          .fp32 { fill: #d9a860; stroke: #d9a860 }
          .line, .axis { fill: none }
          .ideal { stroke: #aaa }
          .axis { stroke: #666 }
          .note { fill: #aeb4ba }
        }
        """

    private let title: String
    private var parts: [String] = []

    /// - Parameters:
    ///   - title: in a line of at most 60 letters.
    ///   - note: below it.
    init(_ title: String, note: String) {
        self.title = title
        text(title, x: 12, y: 22, size: 15)
        text(note, x: 12, y: 40, style: "note")
    }

    mutating func text(_ text: String, x: Double, y: Double, anchor: Anchor = .start, size: Int? = nil, style: String? = nil) {
        let attributes = [
            anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\"", size.map { " font-size=\"\($0)\"" } ?? "",
            style.map { " class=\"\($0)\"" } ?? "",
        ].joined()
        parts.append("<text x=\"\(number(x))\" y=\"\(number(y))\"\(attributes)>\(ReportPage.escaped(text))</text>")
    }

    mutating func rectangle(_ style: String, x: Double, y: Double, width: Double, height: Double) {
        parts.append(
            "<rect class=\"\(style)\" x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(width))\" height=\"\(number(height))\"/>")
    }

    mutating func circle(_ style: String, x: Double, y: Double) {
        parts.append("<circle class=\"\(style)\" cx=\"\(number(x))\" cy=\"\(number(y))\" r=\"4\"/>")
    }

    mutating func line(_ style: String, _ points: [(x: Double, y: Double)], isClosed: Bool = false) {
        let places = points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
        parts.append("<\(isClosed ? "polygon" : "polyline") class=\"\(style)\" points=\"\(places)\"/>")
    }

    /// What the two colors stand for, in the right upper corner.
    mutating func legend(_ styles: [String], y: Double) {
        for (index, style) in styles.enumerated() {
            let x = SVGDrawing.width - 66 * Double(styles.count - index)
            rectangle(style, x: x, y: y - 10, width: 11, height: 11)
            text(style, x: x + 17, y: y)
        }
    }

    func svg(height: Double) -> String {
        let size = "\(number(SVGDrawing.width)) \(number(height))"
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(size)" width="\(number(SVGDrawing.width))" height="\(number(height))" \
            style="max-width: 100%; height: auto">
            <title>\(ReportPage.escaped(title))</title>
            <style>\(SVGDrawing.style)</style>
            \(parts.joined(separator: "\n"))
            </svg>

            """
    }

    private func number(_ value: Double) -> String {
        let text = String(format: "%.1f", value)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
