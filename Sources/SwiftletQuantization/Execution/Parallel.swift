/// Splits 0..<count into at most `threads` contiguous ranges and runs them at once. Whoever calls it makes sure that a result belongs to
/// one index, or is combined afterwards in order of the index: then it does not depend on the number of threads.
///
/// A range that no thread can be started for is run by the caller: it takes longer, and gives the same.
package func parallel(_ count: Int, threads: Int, _ body: @Sendable (Range<Int>) -> Void) {
    let parts = max(1, min(threads, count))
    if parts == 1 {
        if count > 0 { body(0..<count) }
        return
    }
    withoutActuallyEscaping(body) { body in
        let others = (1..<parts).map { part in
            Worker { body(count * part / parts..<count * (part + 1) / parts) }
        }
        let started = others.map { $0.start() == 0 }
        body(0..<count / parts)
        for (worker, started) in zip(others, started) {
            if started { worker.join() } else { worker.work() }
        }
    }
}

/// The same for work that can fail: throws the error of the lowest index that failed.
func parallelThrowing(_ count: Int, threads: Int, _ body: @Sendable (Int) throws -> Void) throws {
    let failures = SharedArray<(any Error)?>(repeating: nil, count: count)
    parallel(count, threads: threads) { range in
        for i in range {
            do { try body(i) } catch { failures[i] = error }
        }
    }
    for i in 0..<count {
        if let error = failures[i] { throw error }
    }
}

/// A fixed block of values that threads fill side by side, each its own elements.
final class SharedArray<Element>: @unchecked Sendable {
    let values: UnsafeMutableBufferPointer<Element>

    init(repeating value: Element, count: Int) {
        values = .allocate(capacity: count)
        values.initialize(repeating: value)
    }

    deinit {
        values.deinitialize()
        values.deallocate()
    }

    var count: Int { values.count }

    func pointer(_ index: Int) -> UnsafeMutablePointer<Element> { values.baseAddress! + index }

    subscript(index: Int) -> Element {
        get { values[index] }
        set { values[index] = newValue }
    }
}
