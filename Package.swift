// swift-tools-version: 6.0
import PackageDescription

// Device targets (CKernels, CPlatform, CSignature, CJPEG, CPNG, SwiftletRuntime, SwiftletArchitectures, SwiftletC, swiftlet) stay inside
// the Embedded Swift subset: the Makefile also builds them for ARM boards with the toolsets in Targets/. So do the fuzz program and what
// it uses (TestSupport, CFuzz). Everything else is for the desk.
let package = Package(
    name: "swiftlet",
    products: [
        .library(name: "SwiftletRuntime", targets: ["SwiftletRuntime"]),
        .executable(name: "swiftlet", targets: ["swiftlet"]),
        .executable(name: "quantize", targets: ["quantize"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.0.0"),
    ],
    targets: [
        // On the board
        .target(name: "CKernels", exclude: ["README.md"], linkerSettings: [.linkedLibrary("m")]),
        .target(name: "CPlatform"),
        .target(name: "CSignature"),
        .systemLibrary(name: "CLibJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg-dev"]), .yum(["libjpeg-turbo-devel"])]),
        .systemLibrary(name: "CLibPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"]), .yum(["libpng-devel"])]),
        .target(name: "CJPEG", dependencies: ["CLibJPEG"]),
        .target(name: "CPNG", dependencies: ["CLibPNG"]),
        .target(name: "SwiftletRuntime", dependencies: ["CKernels", "CPlatform", "CJPEG", "CPNG"], exclude: ["Format/README.md"]),
        .target(name: "SwiftletArchitectures", dependencies: ["SwiftletRuntime"]),
        .systemLibrary(name: "CSwiftlet", path: "Sources/SwiftletC/include"),
        .target(
            name: "SwiftletC", dependencies: ["SwiftletRuntime", "CSwiftlet", "CPlatform"],
            exclude: ["include", "exports.map", "cmake", "swiftlet.pc.in"]),
        .executableTarget(
            name: "swiftlet", dependencies: ["SwiftletRuntime", "SwiftletArchitectures", "CKernels", "CPlatform", "CSignature"]),

        // At the desk
        .target(name: "SwiftletGraph"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .yum(["zlib-devel"])]),
        .target(
            name: "SwiftletImport",
            dependencies: [
                "CZlib", "SwiftletGraph", "SwiftletRuntime", "SwiftletArchitectures",
                .product(name: "SwiftProtobuf", package: "swift-protobuf"), .product(name: "Yams", package: "Yams"),
            ],
            exclude: ["ONNX/onnx.proto"]),
        .target(name: "SwiftletQuantization", dependencies: ["SwiftletGraph", "SwiftletRuntime", "CKernels"], exclude: ["README.md"]),
        .target(
            name: "SwiftletExport",
            dependencies: [
                "SwiftletImport", "SwiftletQuantization", "SwiftletGraph", "SwiftletRuntime",
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ]),
        .target(name: "CMemory"),
        .executableTarget(
            name: "quantize",
            dependencies: [
                "SwiftletImport", "SwiftletExport", "SwiftletQuantization", "SwiftletGraph", "SwiftletRuntime", "SwiftletArchitectures",
                "CPlatform", "CMemory",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Crypto", package: "swift-crypto"),
            ]),

        .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
        .target(name: "TestSupport", dependencies: ["SwiftletRuntime"], path: "Tests/TestSupport"),
        .target(name: "SharedFiles", path: "Tests/SharedFiles"),
        .target(name: "CFuzz", path: "Tests/CFuzz"),
        .executableTarget(
            name: "fuzz", dependencies: ["SwiftletRuntime", "CKernels", "CPlatform", "CFuzz", "TestSupport"], path: "Tests/Fuzz"),
        .testTarget(name: "CKernelsTests", dependencies: ["CKernels"]),
        .testTarget(
            name: "SwiftletRuntimeTests",
            dependencies: [
                "SwiftletRuntime", "SwiftletArchitectures", "CKernels", "CPlatform", "CAllocationCounter", "TestSupport", "SharedFiles",
            ]),
        .testTarget(name: "SwiftletCTests", dependencies: ["SwiftletC", "CSwiftlet", "SwiftletRuntime", "TestSupport"]),
        .testTarget(name: "SwiftletArchitecturesTests", dependencies: ["SwiftletArchitectures", "SwiftletRuntime", "SharedFiles"]),
        .testTarget(name: "SwiftletGraphTests", dependencies: ["SwiftletGraph"]),
        .testTarget(
            name: "SwiftletImportTests",
            dependencies: [
                "SwiftletImport", "SwiftletGraph", "SwiftletRuntime", "SwiftletArchitectures", "SharedFiles",
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ]),
        .testTarget(
            name: "SwiftletQuantizationTests",
            dependencies: ["SwiftletQuantization", "SwiftletImport", "SwiftletGraph", "SwiftletRuntime", "SharedFiles"]),
        .testTarget(
            name: "SwiftletExportTests",
            dependencies: ["SwiftletExport", "SwiftletImport", "SwiftletQuantization", "SwiftletGraph", "SwiftletRuntime", "TestSupport"]),
        .testTarget(name: "CSignatureTests", dependencies: ["CSignature", .product(name: "Crypto", package: "swift-crypto")]),
        .testTarget(name: "EndToEndTests", dependencies: ["SharedFiles", "SwiftletRuntime"]),
    ],
    cLanguageStandard: .c17
)

// `make docs` alone needs it: who depends on this package does not fetch it.
if Context.environment["SWIFTLET_DOCS"] != nil {
    package.dependencies.append(.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0"))
}

// The HTTP server, `make server`: who depends on this package, and the boards' programs, do not fetch its libraries.
if Context.environment["SWIFTLET_SERVER"] != nil {
    package.products.append(.executable(name: "swiftlet-server", targets: ["swiftlet-server"]))
    package.dependencies += [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.34.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.0.0"),
    ]
    package.targets += [
        .target(
            name: "SwiftletServer",
            dependencies: [
                "SwiftletRuntime",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOFoundationCompat", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            resources: [.embedInCode("Page/index.html"), .embedInCode("Protocols/openapi.json")]),
        .executableTarget(
            name: "swiftlet-server",
            dependencies: [
                "SwiftletServer", "SwiftletRuntime", .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        .testTarget(
            name: "SwiftletServerTests",
            dependencies: [
                "SwiftletServer", "SwiftletRuntime", "TestSupport", .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"), .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOEmbedded", package: "swift-nio"),
            ]),
    ]
}
