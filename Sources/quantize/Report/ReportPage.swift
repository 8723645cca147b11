import Foundation
import SwiftletQuantization

/// A report as one HTML page without scripts, for a phone as for a desk, in light and dark.
struct ReportPage {
    private static let worstCount = 10

    let report: ConversionReport

    init(_ report: ConversionReport) {
        self.report = report
    }

    private var layers: [QuantizationReport.LayerEntry] { report.quantization.layers }

    var html: String {
        """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark"><title>\(Self.escaped(report.quantization.network)): FP32 to int8</title>
        <style>\(Self.style)</style></head><body><main>
        <h1>\(Self.escaped(report.quantization.network))</h1>
        \(summary)
        <h2>Layers that hurt most</h2>
        <p>KL of the logits when this layer alone is in int8 and everything else in FP32.</p>
        \(worst)
        <h2>Signal to noise by layer</h2>
        <p>Decibels, in the network's order; each layer carries the error of all before it, so the last bar is the answer's. \
        Layers in FP32 are gray.</p>
        <div class=chart>\(ReportCharts.noise(layers))</div>
        <h2>Values and grids</h2>
        <p>First the FP32 values on their channel's int8 grid, -128 to 127: what lies beyond the marks is clipped. Then the range of each
        channel in the paler one of its grid.</p>
        \(details)
        <h2>All layers</h2>
        <div class=scroll>\(table)</div>
        <h2>In FP32</h2>
        \(kept)
        <h2>Where it comes from</h2>
        \(origin)
        </main></body></html>

        """
    }

    private var summary: String {
        let (fp32, int8, distance) = (report.fp32, report.int8, report.distance)
        func row(_ name: String, _ a: String, _ b: String, _ change: String) -> String {
            "<tr><th>\(name)</th><td class=n>\(a)</td><td class=n>\(b)</td><td class=n>\(change)</td></tr>"
        }
        func megabytes(_ bytes: Int) -> String { Self.text(Double(bytes) / 1e6, 2) + " MB" }
        return "<table><tr><th></th><th class=n>FP32</th><th class=n>int8</th><th class=n></th></tr>"
            + row(
                "File", megabytes(fp32.bytes), megabytes(int8.bytes),
                Self.text(Double(fp32.bytes) / Double(int8.bytes), 1) + "× smaller")
            + row(
                "One picture, one thread, this machine", Self.text(fp32.milliseconds, 2) + " ms", Self.text(int8.milliseconds, 2) + " ms",
                Self.text(fp32.milliseconds / int8.milliseconds, 1) + "× faster")
            + "</table><p class=facts><b>\(Self.text(distance.agreement, 1)) %</b> same answer "
            + "<b>\(Self.text(distance.divergence, 4))</b> KL "
            + "<b>\(Self.text(distance.estimatedLoss, 2))</b> points of top-1 lost by estimate</p>"
            + (report.accuracy.map { "<p>\($0.text)</p>" } ?? "")
            + "<p>On the \(distance.pictures) calibration pictures: others give a little more. "
            + "`quantize compare` judges on pictures of your own.</p>"
    }

    private var worstEntries: [(LayerSensitivity, QuantizationReport.LayerEntry?)] {
        report.sensitivity.prefix(Self.worstCount).map { layer in (layer, layers.first { $0.name == layer.name }) }
    }

    private var worst: String {
        let largest = report.sensitivity.first?.divergence ?? 1
        let rows = worstEntries.map { sensitivity, entry in
            let share = Int((max(0, sensitivity.divergence) / max(largest, 1e-12) * 100).rounded())
            return "<tr><td class=name>\(Self.escaped(sensitivity.name))</td><td class=n>\(Self.text(sensitivity.divergence, 5))</td>"
                + "<td class=meter><i style='width:\(share)%'></i></td><td class=n>\(Self.text(entry?.sqnr, 1)) dB</td></tr>"
        }
        return "<table><tr><th>layer</th><th class=n>KL</th><th></th><th class=n>SQNR</th></tr>\(rows.joined())</table>"
    }

    private var details: String {
        worstEntries.compactMap(\.1).map { layer in
            "<section><h3>\(Self.escaped(layer.name))</h3>"
                + "<div class=pair>\(ReportCharts.histogram(layer))\(ReportCharts.ranges(layer))</div></section>"
        }.joined(separator: "\n")
    }

    private var table: String {
        let rows = layers.map { layer in
            "<tr><td class=name>\(Self.escaped(layer.name))</td><td>\(Self.escaped(layer.kind))</td>"
                + "<td class=n>\(Self.text(layer.sqnr, 1))</td>"
                + "<td class=n>\(Self.text(layer.weightError.map { $0 * 100 }, 2))</td><td class=n>\(Self.text(layer.biasShift, 2))</td>"
                + "<td class=n>\(Self.text(Double(layer.low), 3)) … \(Self.text(Double(layer.high), 3))</td>"
                + "<td class=n>\(Self.text(layer.rangeFactor.map(Double.init), 2))</td>"
                + "<td>\(Self.escaped(layer.notes.joined(separator: "; ")))</td></tr>"
        }
        return "<table><tr><th>layer</th><th>kind</th><th class=n>SQNR dB</th><th class=n>weight error %</th>"
            + "<th class=n>bias shift, steps</th><th class=n>range</th><th class=n>factor</th><th>notes</th></tr>"
            + rows.joined(separator: "\n") + "</table>"
    }

    private var kept: String {
        let float = layers.filter(\.isFloat)
        guard !float.isEmpty else { return "<p>Nothing: every layer is in int8.</p>" }
        let items = float.map { "<li>\(Self.escaped($0.name)): \(Self.escaped($0.notes.joined(separator: "; ")))</li>" }
        return "<ul>" + items.joined() + "</ul>"
    }

    private var origin: String {
        let rows = report.provenance.sorted { $0.key < $1.key }.map { "<dt>\(Self.escaped($0.key))</dt><dd>\(Self.escaped($0.value))</dd>" }
        return "<dl>\(rows.joined())</dl>"
    }

    static func text(_ value: Double?, _ digits: Int) -> String {
        value.map { String(format: "%.\(digits)f", $0) } ?? ""
    }

    /// Text for the page. Control characters have no place in one.
    static func escaped(_ text: String) -> String {
        let shown = text.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }
        return String(String.UnicodeScalarView(shown)).replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(
            of: "<", with: "&lt;"
        )
        .replacingOccurrences(of: ">", with: "&gt;").replacingOccurrences(of: "'", with: "&#39;")
        .replacingOccurrences(of: "\"", with: "&quot;")
    }

    private static let style = """
        :root { --ink: #1c2733; --pale: #5d6b78; --paper: #fff; --line: #dde3e8; --bar: #2a6fb0; --wide: #b9d3ea; --end: #c0392b }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #e3e8ed; --pale: #98a5b1; --paper: #14191f; --line: #303a44; --bar: #5aa2e0; --wide: #2c4a66; --end: #ff7b6b }
        }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.45 system-ui, sans-serif }
        main { max-width: 60rem; margin: auto; padding: 1rem }
        h1 { font-size: 1.5rem; overflow-wrap: anywhere } h2 { font-size: 1.15rem; margin-top: 2rem }
        h3 { font-size: .9rem; margin: 1rem 0 .2rem }
        p { color: var(--pale); margin: .4rem 0 } h3, .name, dd { overflow-wrap: anywhere }
        table { border-collapse: collapse; width: 100% }
        th, td { padding: .25rem .5rem; text-align: left; border-bottom: 1px solid var(--line) }
        th { font-weight: 600 } .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
        .scroll { overflow-x: auto; font-size: .85rem } .scroll .name { overflow-wrap: normal; white-space: nowrap }
        .facts b { font-size: 1.3rem; color: var(--ink); margin-left: 1rem } .facts b:first-child { margin-left: 0 }
        .meter { width: 30% } .meter i { display: block; height: .6rem; background: var(--bar); border-radius: 2px }
        svg { width: 100%; height: auto; display: block } svg text { fill: var(--pale); font-size: 10px }
        .pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem }
        @media (max-width: 40rem) { .pair { grid-template-columns: 1fr } }
        .bar { fill: var(--bar) } .float { fill: var(--pale) } .grid { stroke: var(--line) } .end { stroke: var(--end); stroke-width: 1.5 }
        .line { stroke: var(--bar) } .wide { stroke: var(--wide) }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem } dt { color: var(--pale) } dd { margin: 0 }
        @media (max-width: 40rem) { dl { grid-template-columns: 1fr } }
        """
}
