/// The names of a run's files in its folder.
enum CheckpointName {
  /// The checkpoint with the best test accuracy.
  static let best = "best.safetensors"
  /// Wall-clock times (``CheckpointTimes``).
  static let times = "times.json"

  private static let prefix = "batch-"
  private static let suffix = ".safetensors"

  /// The checkpoint after so many batches of the run.
  static func after(batches: Int) -> String {
    let number = String(batches)
    return prefix + String(repeating: "0", count: max(0, 8 - number.count)) + number + suffix
  }

  /// The batches of a name that ``after(batches:)`` gives; nil for any other.
  static func batches(_ name: String) -> Int? {
    guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return nil }
    let number = name.dropFirst(prefix.count).dropLast(suffix.count)
    return number.utf8.allSatisfy { (48...57).contains($0) } ? Int(number) : nil
  }

  /// Of some names those of checkpoints after batches, the latest first.
  static func latestFirst(_ names: [String]) -> [String] {
    names.compactMap { name in batches(name).map { ($0, name) } }.sorted { $0 > $1 }.map(\.1)
  }

  /// The checkpoint of the latest batch; nil where there is none.
  static func latest(of names: [String]) -> String? { latestFirst(names).first }
}
