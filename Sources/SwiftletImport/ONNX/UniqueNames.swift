/// Gives out names that differ: a name that was given before gets the first free number behind it.
package struct UniqueNames {
    private var taken: Set<String> = []
    /// The next number to try behind a name. All before it are taken, so that a thousand nodes of one name take a thousand tries, not half
    /// a million.
    private var next: [String: Int] = [:]

    package init() {}

    package mutating func unique(_ base: String) -> String {
        if taken.insert(base).inserted { return base }
        var number = next[base] ?? 2
        while !taken.insert("\(base)#\(number)").inserted { number += 1 }
        next[base] = number + 1
        return "\(base)#\(number)"
    }
}
