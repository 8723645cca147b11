// swift-tools-version: 6.0
import PackageDescription

// Device targets (CKernels, CPlatform, CJPEG, SwiftletRuntime, swiftlet) stay inside the Embedded Swift subset: the Makefile
// also builds them for ARM boards with the toolsets in Targets/. So do the fuzz program and what it uses (TestSupport, CFuzz). Everything
// else is for the desk.
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
    ],
    targets: [
        // On the board
        .target(name: "CKernels", exclude: ["README.md"], linkerSettings: [.linkedLibrary("m")]),
        .target(name: "CPlatform"),
        .target(name: "CJPEG", linkerSettings: [.linkedLibrary("jpeg")]),  // Debian: libjpeg62-turbo-dev
        .target(name: "SwiftletRuntime", dependencies: ["CKernels", "CPlatform", "CJPEG"], exclude: ["Format/README.md"]),
        .executableTarget(name: "swiftlet", dependencies: ["SwiftletRuntime", "CKernels", "CPlatform"]),

        // At the desk
        .target(name: "SwiftletGraph"),
        .target(
            name: "SwiftletImport",
            dependencies: ["SwiftletGraph", "SwiftletRuntime", .product(name: "SwiftProtobuf", package: "swift-protobuf")],
            exclude: ["ONNX/onnx.proto"]),
        .target(name: "SwiftletQuantization", dependencies: ["SwiftletGraph", "SwiftletRuntime", "CKernels"], exclude: ["README.md"]),
        .target(name: "CMemory"),
        .executableTarget(
            name: "quantize",
            dependencies: [
                "SwiftletImport", "SwiftletQuantization", "SwiftletGraph", "SwiftletRuntime", "CPlatform", "CMemory",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
        .target(name: "TestSupport", dependencies: ["SwiftletRuntime"], path: "Tests/TestSupport"),
        .target(name: "CFuzz", path: "Tests/CFuzz"),
        .executableTarget(
            name: "fuzz", dependencies: ["SwiftletRuntime", "CKernels", "CPlatform", "CFuzz", "TestSupport"], path: "Tests/Fuzz"),
        .testTarget(name: "CKernelsTests", dependencies: ["CKernels"]),
        .testTarget(
            name: "SwiftletRuntimeTests", dependencies: ["SwiftletRuntime", "CKernels", "CPlatform", "CAllocationCounter", "TestSupport"]),
        .testTarget(name: "SwiftletGraphTests", dependencies: ["SwiftletGraph"]),
        .testTarget(
            name: "SwiftletImportTests",
            dependencies: [
                "SwiftletImport", "SwiftletGraph", "SwiftletRuntime", .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ]),
        .testTarget(
            name: "SwiftletQuantizationTests",
            dependencies: ["SwiftletQuantization", "SwiftletImport", "SwiftletGraph", "SwiftletRuntime"]),
        .testTarget(name: "EndToEndTests"),
    ],
    cLanguageStandard: .c17
)
