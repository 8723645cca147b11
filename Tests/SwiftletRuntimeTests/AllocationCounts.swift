import CAllocationCounter

/// The test program's other threads allocate now and then, on their own account; what the measured code allocates is there each time.
private let attempts = 10

/// The fewest allocations by all threads while `body` ran, of some attempts.
func fewestAllocations(during body: () throws -> Void) rethrows -> UInt {
    var fewest = UInt.max
    for _ in 0..<attempts where fewest > 0 {
        let before = allocation_count()
        try body()
        fewest = min(fewest, allocation_count() - before)
    }
    return fewest
}

/// Whether all that `body` allocated was given back, in one of some attempts.
func givesAllBack(_ body: () throws -> Void) rethrows -> Bool {
    for _ in 0..<attempts {
        let before = allocations_living()
        try body()
        if allocations_living() == before { return true }
    }
    return false
}
