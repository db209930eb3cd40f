import SpideConfiguration
import SpideEngine
import SpideExperiment

/// What a run is to have otherwise, as somebody typed it.
struct ForkSettings {
  /// An assignment in words: `lr 0.01`, `batch 32`.
  static func words(_ assignment: String) -> String {
    let key = assignment.prefix { $0 != "=" }
    let value = assignment.dropFirst(key.count + 1)
    let section = "training."
    return
      (ConstantName.symbol(of: String(key))
      ?? String(key.hasPrefix(section) ? key.dropFirst(section.count) : key))
      + " \(value)"
  }

  private(set) var name: String?
  /// `KEY=VALUE`, with the keys of presets.
  private(set) var assignments: [String] = []

  /// Reads `[NAME] KEY=VALUE …`.
  init(_ arguments: Arguments) throws(CommandError) {
    for (place, word) in arguments.words.enumerated() {
      guard let equals = word.firstIndex(of: "=") else {
        guard place == 0 else {
          throw CommandError("\(echo(word)) has no =; expected KEY=VALUE, after at most one name")
        }
        name = String(word)
        continue
      }
      assignments += try ConstantName.assignments(in: word, equals: equals)
    }
  }
}

extension Model {
  /// Begins another run at the update that is shown, with some values changed; where they need new weights, from its
  /// beginning.
  mutating func fork(_ settings: ForkSettings) throws(CommandError) -> [Effect] {
    if let name = settings.name { try requireFreeName(name) }
    var plan = ForkPlan(name: settings.name, preset: preset, dynamics: dynamics, keys: [])
    var newWeights: String?
    for assignment in settings.assignments {
      let key = Preset.key(of: assignment)
      do throws(ConfigurationError) {
        let changed = try plan.preset.setting([assignment])
        plan.dynamics = try constants(
          plan.dynamics, with: changed.dynamics, for: key, typed: assignment)
        if changed.needsNewWeights(after: plan.preset) { newWeights = newWeights ?? key }
        if changed.training != plan.preset.training || changed.network != plan.preset.network
          || changed.data != plan.preset.data
        {
          plan.keys.append(ForkSettings.words(assignment))
        }
        plan.preset = changed
      } catch {
        let names = ConstantName.all.map(\.name).joined(separator: ", ")
        throw CommandError(
          error.description(typing: assignment)
            + (key.contains(".") ? "" : "; short keys are \(names)"))
      }
    }
    guard let newWeights else { return change(.fork(plan)) }
    let words = [Words.difference(dynamics, plan.dynamics)] + plan.keys
    return [
      .openText(
        plan.preset,
        RunRequest(
          name: plan.name, difference: words.filter { !$0.isEmpty }.joined(separator: ", "),
          dynamics: plan.dynamics, note: "\(newWeights) needs new weights: this run begins anew"))
    ]
  }

  /// A name that a run may have.
  func requireFreeName(_ name: String) throws(CommandError) {
    guard runs.named(name) == nil else {
      throw CommandError("a run is called \(echo(name)) already; :run \(echo(name)) goes there")
    }
    guard !RunVerb.allCases.contains(where: { $0.rawValue == name }) else {
      throw CommandError("\(name) cannot be a run's name; it is a word of :run")
    }
  }
}

extension Preset {
  /// Whether a training by the other preset cannot go on by this one: other shapes, samples, batches or update rule.
  fileprivate func needsNewWeights(after other: Preset) -> Bool {
    network != other.network || data != other.data || training.batch != other.training.batch
      || training.optimizer != other.training.optimizer
      || training.initialWeights != other.training.initialWeights
  }
}
