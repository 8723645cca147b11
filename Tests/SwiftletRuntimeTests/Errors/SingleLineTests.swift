import Testing

@testable import SwiftletRuntime

@Suite struct SingleLineTests {
    @Test func controlCharactersAreEscaped() {
        #expect(singleLine("a\nb\r\t\u{1B}[31m\u{7F}\u{85}\u{202E}é") == "a\\nb\\r\\t\\u{1B}[31m\\u{7F}\\u{85}\\u{202E}é")
        #expect(singleLine("a.slet: a plain message") == "a.slet: a plain message")
    }

    @Test func aLongLineLosesItsMiddle() {
        let line = singleLine(String(repeating: "ä", count: 5_000) + ": not a .slet file")
        #expect(line.utf8.count <= 1_000)
        #expect(line.hasPrefix("ää") && line.hasSuffix("ä: not a .slet file") && line.contains(" … "))
        #expect(line.unicodeScalars.allSatisfy { $0 != "\u{FFFD}" })
    }
}
