import SwiftletRuntime

/// Rows in columns. Cells may hold names out of files: each is one printable line, and a long one widens its own row alone.
enum TextTable {
    /// Longer cells do not widen their column: the table stays as large as its content.
    private static let widest = 100

    /// - Parameter rightAligned: columns of numbers.
    static func lines(_ rows: [[String]], rightAligned: Range<Int> = 0..<0) -> [String] {
        let cells = rows.map { $0.map(singleLine).map { (text: $0, width: $0.count) } }
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            min(widest, cells.map { column < $0.count ? $0[column].width : 0 }.max() ?? 0)
        }
        return cells.map { row in
            row.enumerated().map { column, cell in
                let space = String(repeating: " ", count: max(0, widths[column] - cell.width))
                if rightAligned.contains(column) { return space + cell.text }
                return column == row.count - 1 ? cell.text : cell.text + space
            }.joined(separator: "  ")
        }
    }
}
