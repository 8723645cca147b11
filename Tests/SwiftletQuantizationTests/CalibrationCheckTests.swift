import Testing

@testable import SwiftletQuantization

/// What logits alone tell about calibration pictures.
struct CalibrationCheckTests {
    private func logits(_ answers: [Int], classes: Int = 10, strength: Float = 4) -> [[Float]] {
        answers.map { answer in (0..<classes).map { $0 == answer ? strength : 0 } }
    }

    @Test func answersThatDiffer() {
        #expect(CalibrationCheck.findings(logits((0..<20).map { $0 % 10 })) == [])
        #expect(CalibrationCheck.findings(logits([0, 1, 2] + [Int](repeating: 7, count: 17))) == [])
    }

    @Test func oneAnswer() {
        let found = CalibrationCheck.findings(logits([0, 1] + [Int](repeating: 7, count: 18)))
        #expect(found == [.sameAnswer(class: 7, pictures: 18, of: 20)])
    }

    @Test func noAnswer() {
        #expect(CalibrationCheck.findings(logits((0..<20).map { $0 % 10 }, strength: 0.2)) == [.undecided])
        // One picture that is decided is enough.
        #expect(CalibrationCheck.findings(logits((0..<19).map { $0 % 10 }, strength: 0.2) + logits([3])) == [])
    }

    @Test func valuesThatAreNotFinite() {
        #expect(CalibrationCheck.findings([[.nan, 0], [0, 1]]) == [])
    }
}
