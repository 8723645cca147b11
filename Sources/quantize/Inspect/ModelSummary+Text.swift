import Foundation

extension ModelSummary {
    var text: String {
        var rows: [(String, String)] = [("file", file), ("format", format), ("name", name)]
        if let input { rows.append(("input", shape(input))) }
        if let classes { rows.append(("output", "\(classes) \(softmax == true ? "probabilities" : "logits")")) }
        if let macs { rows.append(("multiply-accumulates", "\(macs)")) }
        if let parameters { rows.append(("parameters", "\(parameters)")) }
        if !operators.isEmpty {
            let counts = operators.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            rows.append(("operators", counts.joined(separator: ", ")))
        }
        if let architectures {
            rows.append(("fits --arch", architectures.isEmpty ? "none of the built-in ones" : architectures.joined(separator: ", ")))
        }
        rows.append(("supported", supported ? "yes" : "no"))
        var lines = rows.map { pad($0.0, 22) + $0.1 }
        lines += unsupported.map { "  \($0.kind) '\($0.name)': \($0.reason)" }
        if !layers.isEmpty { lines += [""] + table }
        return lines.joined(separator: "\n")
    }

    private var table: [String] {
        let header = ["layer", "kind", "in", "out", "MACs", "parameters"]
        let rows = [header] + layers.map { [$0.name, $0.kind, shape($0.input), shape($0.output), "\($0.macs)", "\($0.parameters)"] }
        let widths = header.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).enumerated().map { column, cell in
                column < 4 ? pad(cell.0, cell.1) : String(repeating: " ", count: cell.1 - cell.0.count) + cell.0
            }.joined(separator: "  ")
        }
    }

    private func shape(_ sides: [Int]) -> String {
        sides.map(String.init).joined(separator: "x")
    }

    private func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
