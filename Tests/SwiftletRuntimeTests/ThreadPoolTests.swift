import CPlatform
import XCTest

final class ThreadPoolTests: XCTestCase {
    /// Counters are on cache lines of their own by the type's alignment, which its memory must have.
    func testAlignment() throws {
        for _ in 0..<8 {
            let pool = try XCTUnwrap(sp_pool_create(2, 2, 3))
            XCTAssertEqual(UInt(bitPattern: pool) % 128, 0)
            sp_pool_destroy(pool)
        }
    }

    func testRunsOneAfterTheOther() throws {
        let pool = try XCTUnwrap(sp_pool_create(2, 4, 2))
        final class Work {
            let pool: OpaquePointer
            let counts = UnsafeMutablePointer<Int>.allocate(capacity: 8)
            init(_ pool: OpaquePointer) {
                self.pool = pool
                counts.initialize(repeating: 0, count: 8)
            }
            deinit { counts.deallocate() }
        }
        let work = Work(pool)
        // The team ends first: a thread that comes late to the last run still looks at it.
        defer { withExtendedLifetime(work) { sp_pool_destroy(pool) } }
        for _ in 0..<200 {
            sp_pool_run(
                pool,
                { context, thread, _, run in
                    let work = Unmanaged<Work>.fromOpaque(context!).takeUnretainedValue()
                    for step in 0..<2 {
                        var part = sp_pool_claim(work.pool, run, Int32(step), thread)
                        while part >= 0 {
                            work.counts[step * 4 + Int(part)] += 1
                            sp_pool_complete(work.pool, Int32(step))
                            part = sp_pool_await(work.pool, run, Int32(step), thread)
                        }
                    }
                }, Unmanaged.passUnretained(work).toOpaque())
        }
        XCTAssertEqual(Array(UnsafeBufferPointer(start: work.counts, count: 8)), [Int](repeating: 200, count: 8))
    }
}
