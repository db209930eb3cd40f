import SpideConfiguration
import SpideExperiment

extension Command {
  /// The commands that there are. The command line, its completion and the keys read this one table.
  static let all: [Command] = [
    .back, .breakpoint, .breakpoints, .cause, .checkpoint, .compare, .curves, .data, .energy,
    .export,
    .finish, .fork, .goTo, .help, .inspect, .ledger, .log, .map, .mean, .movers, .pace, .pause,
    .play,
    .preset, .quit, .reset, .restart, .run, .runs, .sample, .save, .screen, .seed, .set, .speed,
    .step, .sweep, .synapse, .train, .twin, .unbreak, .until, .zoom,
  ]

  /// The commands that a word may stand for: the one of that name, or else all that begin so.
  static func matches(_ word: some StringProtocol) -> [Command] {
    if let exact = all.first(where: { $0.name == word }) { return [exact] }
    return all.filter { $0.name.hasPrefix(word) }
  }
}

extension Model {
  /// Carries out a line of the command line.
  mutating func run(_ line: String) throws(CommandError) -> [Effect] {
    let trimmed = Substring(line).trimmingSpaces
    let first = trimmed.prefix { $0 != " " }
    guard !first.isEmpty else { return [] }
    let matches = Command.matches(first)
    guard matches.count == 1 else {
      throw CommandError(
        matches.isEmpty
          ? "no command \(echo(first))\(Spelling.hint(for: String(first), in: Command.all.map(\.name)));"
            + " Tab shows them all"
          : "\(first) could be \(matches.map(\.name).joined(separator: ", "))")
    }
    return try matches[0].run(&self, with: trimmed.dropFirst(first.count))
  }
}
