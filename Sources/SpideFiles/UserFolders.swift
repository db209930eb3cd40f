/// Where a user's files lie, by the XDG base directory specification: a variable of the environment, or a folder of the
/// home directory where that is not set.
package struct UserFolders: Sendable {
  private let environment: [String: String]

  /// The folders that a process's environment names.
  package init(_ environment: [String: String]) { self.environment = environment }

  /// Configuration: presets and screens.
  package var configuration: String? { folder("XDG_CONFIG_HOME", "/.config") }
  /// Data sets.
  package var data: String? { folder("XDG_DATA_HOME", "/.local/share") }
  /// What can be made anew at any time.
  package var cache: String? { folder("XDG_CACHE_HOME", "/.cache") }

  /// The program's part of a base directory; nil where the environment names no home. Relative paths are ignored, as the
  /// specification has it.
  private func folder(_ variable: String, _ inHome: String) -> String? {
    let configured = environment[variable].flatMap { $0.hasPrefix("/") ? $0 : nil }
    let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 + inHome }
    return (configured ?? home).map { $0 + "/spide-tui" }
  }
}
