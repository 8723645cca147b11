/// The version of both tools.
package enum Version {
    /// As `--version` and `bench --json` say it.
    package static let current = "0.2.0"
    /// As a .slet file's provenance names the tool that made it. A change here changes every file's bytes.
    package static let inProvenance = "0.1.0"
}
