// Text without Unicode's tables, which a board's program links none of: strings are compared by their UTF-8 bytes.

package func areEqual(_ a: String, _ b: String) -> Bool {
    a.utf8.elementsEqual(b.utf8)
}

/// Whether `a` comes before `b` in the order of their bytes.
package func precedes(_ a: String, _ b: String) -> Bool {
    a.utf8.lexicographicallyPrecedes(b.utf8)
}
