// swift-tools-version: 6.0
import PackageDescription

// A program of its own that uses the library: in another package, the path below becomes the repository's address.
let package = Package(
    name: "Classify",
    dependencies: [.package(name: "swiftlet", path: "../..")],
    targets: [.executableTarget(name: "Classify", dependencies: [.product(name: "SwiftletRuntime", package: "swiftlet")])]
)
