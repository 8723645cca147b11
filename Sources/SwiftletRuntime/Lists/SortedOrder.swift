/// The indices 0 ..< `count` in the order that `precedes` gives, equal ones as they were. Sorting is generic code: one copy of it, for
/// indices, in place of one for each type that is sorted saves 2 KB each of a board's program.
@inline(never)
package func sortedOrder(_ count: Int, by precedes: (Int, Int) -> Bool) -> [Int] {
    (0..<count).sorted(by: precedes)
}
