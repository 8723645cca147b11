import CKernels
import CKernelsSelftest
import XCTest

final class DispatchTests: XCTestCase {
    func testNamesGoBothWays() {
        for name in ["scalar", "sse41", "avx2", "avxvnni", "avx512", "avx512vnni", "neon", "neon_dotprod", "neon_i8mm"] {
            var isa = SK_SCALAR
            XCTAssert(sk_isa_named(name, &isa), name)
            XCTAssertEqual(String(cString: sk_isa_name(isa)), name)
        }
        var untouched = SK_AVX2
        XCTAssertFalse(sk_isa_named("avx9000", &untouched))
        XCTAssertEqual(untouched, SK_AVX2)
    }

    func testCaps() {
        XCTAssert(sk_isa_within(SK_SCALAR, SK_NEON))
        XCTAssert(sk_isa_within(SK_AVXVNNI, SK_AVX512VNNI))
        XCTAssertFalse(sk_isa_within(SK_AVX512VNNI, SK_AVXVNNI))
        XCTAssertFalse(sk_isa_within(SK_AVX512, SK_AVXVNNI))
        XCTAssertFalse(sk_isa_within(SK_AVX2, SK_NEON_I8MM))
        XCTAssertFalse(sk_isa_within(SK_NEON, SK_AVX512VNNI))
        XCTAssert(sk_isa_within(SK_NEON, SK_NEON_I8MM))
    }

    func testScalarCapSelectsTheReference() {
        var shape = sk_shape()
        shape.batch = 1
        shape.in_h = 4
        shape.in_w = 4
        shape.in_c = 8
        shape.out_h = 4
        shape.out_w = 4
        shape.out_c = 8
        shape.kernel_h = 1
        shape.kernel_w = 1
        shape.stride_h = 1
        shape.stride_w = 1
        shape.dilation_h = 1
        shape.dilation_w = 1
        shape.groups = 1
        XCTAssertEqual(sk_select(SK_CONV_S8, &shape, SK_SCALAR), sk_reference(SK_CONV_S8))
        XCTAssert(sk_cpu_has(sk_cpu_isa()))
        XCTAssert(sk_cpu_has(SK_SCALAR))
    }
}
