import SpideConfiguration
import SpideEngine
import SpideExperiment

/// What a twin has that the shown sample has not: a second run of it, with the same weights, under other constants.
///
/// Constants that it does not name are those in use, whatever becomes of them.
struct TwinSetting: Hashable, Sendable {
  /// The keys of presets that it gives, each of one constant.
  let keys: [String]
  /// What they give: the other constants in here count for nothing.
  let given: Dynamics
  /// What stays where it gives a reset: the threshold, or `V`.
  let basis: ResetComparison.Basis

  /// Its constants beside those in use; they may be out of range.
  func dynamics(beside used: Dynamics) -> Dynamics {
    var result = keys.reduce(used) { $0.taking($1, from: given, sharesLeak: false) }
    guard basis == .sameResetAmount else { return result }
    if keys.contains("neuron.reset") {
      result.forward.keep(resetAmount: used.forward.resetAmount)
    }
    if keys.contains("backward.reset") {
      result.backward.keep(resetAmount: used.backward.resetAmount)
    }
    return result
  }
}

extension NeuronParameters {
  /// Moves the threshold so that `V` is this, whatever the reset.
  fileprivate mutating func keep(resetAmount: Float) {
    switch reset {
    case .minusThreshold: threshold = resetAmount / 2
    case .zero: threshold = resetAmount
    case .potential(let value): threshold = resetAmount + value
    }
  }
}

extension TwinSetting {
  /// The short names of constants of the stages.
  static let names = ConstantName.all.filter { $0.keys.allSatisfy(Dynamics.keys.contains) }

  /// What a reset keeps, as it is typed.
  static let bases: [(word: String, basis: ResetComparison.Basis)] = [
    ("same-threshold", .sameThreshold), ("same-V", .sameResetAmount),
  ]

  /// Reads words such as `reset=zero`, `threshold=1.2/0.5`, `steps.backward=50` and `same-V`.
  init(_ words: [Substring], of preset: Preset) throws(CommandError) {
    var assignments: [(key: String, value: Substring)] = []
    var basis: ResetComparison.Basis?
    for word in words {
      if let known = Self.bases.first(where: { $0.word.lowercased() == word.lowercased() }) {
        basis = known.basis
        continue
      }
      for assignment in try Self.assignments(word) {
        guard !assignments.contains(where: { $0.key == assignment.key }) else {
          throw CommandError("\(echo(word)): \(assignment.key) is given twice", place: word.place)
        }
        assignments.append(assignment)
      }
    }
    let keys = assignments.map(\.key)
    guard !keys.isEmpty else {
      throw CommandError("nothing for the twin to have otherwise; \(Self.expected)")
    }
    if basis == .sameResetAmount {
      guard keys.contains(where: { $0.hasSuffix(".reset") }) else {
        throw CommandError("same-V says what a reset keeps; expected a reset=VALUE with it")
      }
      for stage in ["neuron", "backward"]
      where keys.contains("\(stage).reset") && keys.contains("\(stage).threshold") {
        throw CommandError("same-V sets \(stage).threshold; expected a threshold or same-V")
      }
    }
    self.keys = keys
    self.basis = basis ?? .sameThreshold
    let texts = assignments.map { "\($0.key)=\($0.value)" }
    do throws(ConfigurationError) {
      given = try preset.setting(texts).dynamics
    } catch {
      let typed = texts.first { $0 == error.override } ?? ""
      throw CommandError((typed.isEmpty ? "" : "\(typed): ") + error.description(typing: typed))
    }
  }

  /// What is expected of a word.
  private static let expected =
    "expected " + names.map { "\($0.name)=" }.joined(separator: ", ")
    + " or a key of presets such as steps.backward=50"

  /// The keys that a word gives, with their values: `1.2/0.5` is of the forward and the backward stage.
  private static func assignments(
    _ word: Substring
  ) throws(CommandError) -> [(key: String, value: Substring)] {
    func wrong(_ problem: String, _ expected: String = expected) -> CommandError {
      CommandError("\(echo(word)): \(problem); \(expected)", place: word.place)
    }
    guard let equals = word.firstIndex(of: "="), equals != word.startIndex else {
      throw wrong("it gives no constant")
    }
    let (name, value) = (word[..<equals], word[word.index(after: equals)...])
    guard !value.isEmpty else { throw wrong("no value", "expected one behind the =") }
    if Dynamics.keys.contains(String(name)) { return [(String(name), value)] }
    guard let known = names.first(where: { $0.name == name }) else {
      throw wrong("no constant \(echo(name))")
    }
    guard let given = known.assignments(value) else {
      throw wrong("\(echo(value)) is no value", known.expected)
    }
    return given
  }
}

extension Substring {
  /// Where it begins in the text that it is part of, in scalars.
  fileprivate var place: Int {
    base.unicodeScalars.distance(from: base.startIndex, to: startIndex)
  }
}
