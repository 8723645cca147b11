import SwiftletRuntime

/// Columns aligned for a terminal: the first to the left, the others to the right unless named as text.
///
/// A cell is one line of at most `Table.widest` bytes, so that one long name does not make every row as long.
struct Table {
    struct Column {
        let title: String
        let isText: Bool

        static func text(_ title: String) -> Column { Column(title: title, isText: true) }
        static func number(_ title: String) -> Column { Column(title: title, isText: false) }
    }

    private static let widest = 80

    private let columns: [Column]
    private var rows: [[String]] = []

    init(_ columns: [Column]) {
        self.columns = columns
    }

    mutating func add(_ row: [String]) {
        rows.append(row.map { Table.cell($0) })
    }

    /// One line a row, the titles first.
    var text: String {
        var widths = columns.map { $0.title.utf8.count }
        for row in rows {
            for (index, cell) in row.enumerated() { widths[index] = max(widths[index], cell.utf8.count) }
        }
        var result = line(columns.map { $0.title }, widths)
        for row in rows { result += line(row, widths) }
        return result
    }

    /// `text` as a cell: control characters escaped, the middle left out where it is too long. Names out of files may hold anything.
    static func cell(_ text: String) -> String {
        shortened(singleLine(shortened(text, to: widest)), to: widest)
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var result = ""
        for (index, cell) in cells.enumerated() {
            if index > 0 { result += "  " }
            let isLast = index == cells.count - 1
            result += !columns[index].isText ? aligned(cell, widths[index]) : isLast ? cell : padded(cell, widths[index])
        }
        return result + "\n"
    }
}
