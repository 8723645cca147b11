import CPlatform
import Foundation
import TestSupport
import XCTest

/// Pictures one after another from a pipe.
final class FrameStreamTests: XCTestCase {
    private struct Frame: Equatable, CustomStringConvertible {
        var status: Int
        var bytes: [UInt8]

        var description: String { "\(status): \(bytes.count) bytes, \(bytes.reduce(into: 0) { $0 = $0 &* 31 &+ Int($1) })" }
    }

    private let jpegs = SmallJPEG.all.map(\.bytes)

    /// What comes out of a stream of `bytes`, which are written `step` at a time.
    private func frames(_ bytes: [UInt8], step: Int = .max) -> [Frame] {
        let pipe = Pipe()
        let writer = Thread {
            for start in stride(from: 0, to: bytes.count, by: step) {
                try? pipe.fileHandleForWriting.write(contentsOf: Data(bytes[start..<min(start + min(step, bytes.count), bytes.count)]))
            }
            try? pipe.fileHandleForWriting.close()
        }
        writer.start()
        let stream = sp_frames_open(pipe.fileHandleForReading.fileDescriptor, false)
        var found: [Frame] = []
        var frame = sp_frame()
        while true {
            sp_frames_next(stream, &frame)
            if frame.status == Int32(SP_FRAMES_END) { return found }
            found.append(Frame(status: Int(frame.status), bytes: Array(UnsafeRawBufferPointer(start: frame.bytes, count: frame.size))))
            XCTAssertEqual(frame.number, UInt64(found.count))
            XCTAssertEqual(frame.dropped, 0)
        }
    }

    private func picture(_ bytes: [UInt8]) -> Frame { Frame(status: SP_FRAME, bytes: bytes) }
    private var lost: Frame { Frame(status: SP_FRAME_LOST, bytes: []) }
    private var tooLarge: Frame { Frame(status: SP_FRAME_TOO_LARGE, bytes: []) }

    /// In whatever pieces they come, and with a server's lines between them.
    func testJPEGsOneAfterAnother() {
        let expected = jpegs.map(picture)
        XCTAssertEqual(frames(jpegs.flatMap { $0 }), expected)
        XCTAssertEqual(frames(jpegs.flatMap { $0 }, step: 1), expected)
        let lines = Array("\r\n--frame\r\nContent-Type: image/jpeg\r\n\r\n".utf8)
        XCTAssertEqual(frames(jpegs.flatMap { lines + $0 } + lines, step: 7), expected)
        XCTAssertEqual(frames([]), [])
    }

    /// A thumbnail's end is not the picture's.
    func testThumbnails() {
        var large = jpegs[0]
        large.insert(contentsOf: [0xFF, 0xE1, 0, UInt8(2 + 4)] + [0xFF, 0xD8, 0xFF, 0xD9], at: 2)
        XCTAssertEqual(frames(large + jpegs[1]), [picture(large), picture(jpegs[1])])
    }

    /// Cut anywhere, it ends where the next one begins.
    func testTruncatedPictures() {
        let whole = jpegs[0]
        for count in stride(from: 4, to: whole.count - 2, by: 3) {
            let cut = Array(whole[..<count])
            XCTAssertEqual(frames(whole + cut + jpegs[1] + jpegs[2]), [whole, cut, jpegs[1], jpegs[2]].map(picture), "\(count)")
            XCTAssertEqual(frames(whole + cut), [whole, cut].map(picture), "\(count)")
        }
    }

    /// What is lost between two pictures is told, once.
    func testBytesThatAreNoPicture() {
        let junk = [UInt8](repeating: 0x55, count: 3000)
        XCTAssertEqual(frames(jpegs[0] + junk + jpegs[1]), [picture(jpegs[0]), lost, picture(jpegs[1])])
        XCTAssertEqual(frames(jpegs[0] + junk, step: 100), [picture(jpegs[0]), lost])
        let long = [UInt8](repeating: 0x55, count: 300_000)
        XCTAssertEqual(frames(long + jpegs[1], step: 10_000), [lost, picture(jpegs[1])])
    }

    private func prefixed(_ bytes: [UInt8]) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: bytes.count >> (8 * $0)) } + bytes }

    func testPicturesAfterTheirLengths() {
        let ppm = Array("P6\n1 1\n255\nabc".utf8)
        let all = prefixed(jpegs[0]) + prefixed(ppm) + prefixed(jpegs[1])
        let expected = [picture(jpegs[0]), picture(ppm), picture(jpegs[1])]
        XCTAssertEqual(frames(all), expected)
        XCTAssertEqual(frames(all, step: 1), expected)
        XCTAssertEqual(frames(all + [0, 0, 0, 0] + prefixed(ppm)), expected)
        XCTAssertEqual(frames(all.dropLast(5)), expected.dropLast() + [picture(jpegs[1].dropLast(5))])
    }

    /// More than 64 MiB are passed over, in either form.
    func testPicturesThatAreTooLarge() {
        let large = [0xFF, 0xD8, 0xFF, 0xDA, 0, 2] + [UInt8](repeating: 0x11, count: 64 << 20) + [0xFF, 0xD9]
        XCTAssertEqual(frames(jpegs[0] + large + jpegs[1], step: 1 << 20), [picture(jpegs[0]), tooLarge, picture(jpegs[1])])
        XCTAssertEqual(frames(prefixed(large) + prefixed(jpegs[1]), step: 1 << 20), [tooLarge, picture(jpegs[1])])
    }

    /// All are handed out or counted, and the last one is handed out.
    func testReadingAhead() throws {
        let pipe = Pipe()
        let stream = sp_frames_open(pipe.fileHandleForReading.fileDescriptor, true)
        var (frame, taken) = (sp_frame(), 0)
        for _ in 0..<20 {
            for jpeg in jpegs { try pipe.fileHandleForWriting.write(contentsOf: Data(jpeg)) }
            sp_frames_next(stream, &frame)
            XCTAssertEqual(frame.status, Int32(SP_FRAME))
            taken += 1
        }
        try pipe.fileHandleForWriting.close()
        var (number, dropped) = (frame.number, frame.dropped)
        while true {
            sp_frames_next(stream, &frame)
            if frame.status == Int32(SP_FRAMES_END) { break }
            (number, dropped, taken) = (frame.number, frame.dropped, taken + 1)
        }
        XCTAssertEqual(number, UInt64(20 * jpegs.count))
        XCTAssertEqual(Int(dropped) + taken, 20 * jpegs.count)
    }
}
