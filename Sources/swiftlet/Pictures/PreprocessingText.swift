import SwiftletRuntime

/// How pictures are prepared, as text and as JSON.
enum PreprocessingText {
    static func rows(_ preprocessing: Preprocessing) -> [(String, String)] {
        []
    }
    static func write(_ preprocessing: Preprocessing, to json: inout JSONWriter) {
        json.object { _ in }
    }
}
