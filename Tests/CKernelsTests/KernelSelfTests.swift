import CKernels
import CKernelsSelftest
import XCTest

/// Every kernel that this CPU runs, against its operator's reference.
final class KernelSelfTests: XCTestCase {
    func testEveryKernelEqualsItsReference() {
        var count: Int32 = 0
        let kernels = sk_kernels(&count)!
        for kernel in UnsafeBufferPointer(start: kernels, count: Int(count)) where sk_cpu_has(kernel.isa) {
            let name = String(cString: kernel.name)
            guard let reference = sk_reference(kernel.op) else {
                XCTFail("\(name): its operator has no scalar kernel")
                continue
            }
            let (passed, message) = compare(kernel, with: reference, rounds: 100)
            XCTAssert(passed, "\(name): \(message)")
        }
    }

    func testSelfTestReportsEveryKernelOnce() {
        final class Names { var names: [String] = [] }
        let seen = Names()
        let failures = sk_selftest(
            sk_cpu_isa(), 7, 20,
            { context, name, _, _ in
                Unmanaged<Names>.fromOpaque(context!).takeUnretainedValue().names.append(String(cString: name!))
            }, Unmanaged.passUnretained(seen).toOpaque())
        var count: Int32 = 0
        let kernels = UnsafeBufferPointer(start: sk_kernels(&count)!, count: Int(count))
        XCTAssertEqual(failures, 0)
        XCTAssertEqual(
            seen.names, kernels.filter { sk_cpu_has($0.isa) && sk_isa_within($0.isa, sk_cpu_isa()) }.map { String(cString: $0.name) })
        XCTAssertEqual(Set(seen.names).count, seen.names.count, "two kernels share a name")
    }

    func testScalarComesLastInEveryOperator() {
        var count: Int32 = 0
        let kernels = UnsafeBufferPointer(start: sk_kernels(&count)!, count: Int(count))
        for (index, kernel) in kernels.enumerated() {
            let isLastOfItsOperator = !kernels[(index + 1)...].contains { $0.op == kernel.op }
            XCTAssertEqual(kernel.isa == SK_SCALAR, isLastOfItsOperator, String(cString: kernel.name))
        }
    }

    // MARK: - The self-test catches what it is there for

    func testChangedByteIsCaught() {
        var broken = sk_reference(SK_CONV_S8)!.pointee
        broken.run = { call, part, parts in
            sk_reference(SK_CONV_S8)!.pointee.run(call, part, parts)
            call!.pointee.out.storeBytes(of: call!.pointee.out.load(as: UInt8.self) ^ 1, as: UInt8.self)
        }
        // With an odd number of parts the first byte ends up changed.
        let (passed, message) = compare(broken, with: sk_reference(SK_CONV_S8)!, rounds: 20)
        XCTAssertFalse(passed)
        XCTAssert(message.contains("element 0 is"), message)
    }

    func testWriteBehindTheOutputIsCaught() {
        var broken = sk_reference(SK_CONV_S8)!.pointee
        broken.run = { call, part, parts in
            sk_reference(SK_CONV_S8)!.pointee.run(call, part, parts)
            let shape = call!.pointee.shape.pointee
            let end = Int(shape.batch * shape.out_h * shape.out_w * shape.out_c)
            call!.pointee.out.storeBytes(of: 0, toByteOffset: end, as: UInt8.self)
        }
        let (passed, message) = compare(broken, with: sk_reference(SK_CONV_S8)!, rounds: 20)
        XCTAssertFalse(passed)
        XCTAssert(message.contains("wrote outside the output"), message)
    }

    func testMissingShareIsCaught() {
        var broken = sk_reference(SK_CONV_S8)!.pointee
        broken.run = { call, part, parts in
            if part + 1 < parts || parts == 1 { sk_reference(SK_CONV_S8)!.pointee.run(call, part, parts) }
        }
        XCTAssertFalse(compare(broken, with: sk_reference(SK_CONV_S8)!, rounds: 20).passed)
    }

    private func compare(_ kernel: sk_kernel, with reference: UnsafePointer<sk_kernel>, rounds: Int32) -> (passed: Bool, message: String) {
        var kernel = kernel
        var text = [CChar](repeating: 0, count: 600)
        let passed = sk_selftest_kernel(&kernel, reference, 1, rounds, &text, text.count)
        return (passed, String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
    }
}
