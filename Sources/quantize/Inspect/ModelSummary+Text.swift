import Foundation
import SwiftletRuntime

extension ModelSummary {
    var text: String {
        var rows: [(String, String)] = [("file", file), ("format", format), ("name", name)]
        if let producer { rows.append(("producer", producer)) }
        if let input { rows.append(("input", shape(input))) }
        rows += outputTexts.map { ("output", $0) }
        if let macs { rows.append(("multiply-accumulates", "\(macs)")) }
        if let parameters { rows.append(("parameters", "\(parameters)")) }
        if !operators.isEmpty {
            let counts = operators.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            rows.append(("operators", counts.joined(separator: ", ")))
        }
        if let architectures {
            rows.append(("fits --arch", architectures.isEmpty ? "none of the built-in ones" : architectures.joined(separator: ", ")))
        }
        if let preprocessing { rows.append(("preprocessing", preprocessing)) }
        if let labels { rows.append(("labels", "\(labels)")) }
        if let int8 { rows.append(("int8 already", int8)) }
        rows += (asPublished ?? []).map { ("as published", $0) }
        rows.append(("supported", supported ? "yes" : "no"))
        var lines = rows.map { $0.0.padding(toLength: 22, withPad: " ", startingAt: 0) + singleLine($0.1) }
        lines += unsupported.map { singleLine("  \($0.kind) '\($0.name)': \($0.reason)") }
        if !layers.isEmpty { lines += [""] + table }
        return lines.joined(separator: "\n")
    }

    private var table: [String] {
        let header = ["layer", "kind", "in", "out", "MACs", "parameters"]
        let rows = layers.map { [$0.name, $0.kind, shape($0.input), shape($0.output), "\($0.macs)", "\($0.parameters)"] }
        return TextTable.lines([header] + rows, rightAligned: 4..<6)
    }

    private func shape(_ sides: [Int]) -> String {
        sides.map(String.init).joined(separator: "x")
    }
}
