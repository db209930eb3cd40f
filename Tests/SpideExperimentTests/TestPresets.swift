import Foundation
import SpideConfiguration

extension Library where Item == Preset {
  /// The presets of the program, but those of digits as `Tests/Configuration` has them: small and quick, and the same whatever
  /// becomes of the program's.
  static var ofTests: PresetLibrary {
    let tests = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent()
      .deletingLastPathComponent()
    return PresetLibrary(
      userDirectory: tests.appendingPathComponent("Configuration/spide-tui/presets").path)
  }
}
