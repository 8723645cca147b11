import Foundation
import Hummingbird

extension ServerParts {
    /// `GET /metrics`.
    func metricsPage() -> Response {
        let queues = models.all.map { ([("model", $0.name), ("version", $0.version)], $0.waiting) as (Metrics.Labels, Int) }
        let text = metrics.text([
            Metrics.Gauge(name: "swiftlet_queue_length", help: "Requests that wait for a session.", values: queues),
            Metrics.Gauge(name: "swiftlet_open_connections", help: "Connections that are open.", values: [([], state.connections)]),
            Metrics.Gauge(
                name: "process_resident_memory_bytes", help: "Memory that the process has.", values: [([], ServerParts.residentBytes())]),
        ])
        return Response(
            status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    /// 0 where the system does not tell.
    private static func residentBytes() -> Int {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}
