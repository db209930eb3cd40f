/// A short name of what a preset gives, as `:set`, `:fork` and `:twin` take it beside the keys of presets.
struct ConstantName: Sendable {
  let name: String
  /// The keys that it stands for: of both stages, or one.
  let keys: [String]

  private init(_ name: String, _ keys: String...) { (self.name, self.keys) = (name, keys) }

  /// Those of both stages take one value, or `FORWARD/BACKWARD`.
  private static let ofStages = [
    ConstantName("reset", "neuron.reset", "backward.reset"),
    ConstantName("threshold", "neuron.threshold", "backward.threshold"),
    ConstantName("leak", "neuron.leak", "backward.leak"),
    ConstantName("steps", "steps.forward", "steps.backward"),
    ConstantName("loss-scale", "training.loss-scale"),
  ]
  /// As the screens write them.
  private static let symbols = [
    ConstantName("Vth", "neuron.threshold"), ConstantName("Vth,b", "backward.threshold"),
    ConstantName("T_F", "steps.forward"), ConstantName("T_B", "steps.backward"),
    ConstantName("s_c", "training.loss-scale"), ConstantName("lr", "training.learning-rate.base"),
  ]
  static let all = ofStages + symbols

  /// The symbol of a key; nil for none.
  static func symbol(of key: String) -> String? { symbols.first { $0.keys == [key] }?.name }

  /// `KEY=VALUE` with the keys of presets, for a word that may begin with a short name and has a `=` somewhere.
  static func assignments(
    in word: Substring, equals: Substring.Index
  ) throws(CommandError) -> [String] {
    let (key, value) = (word[..<equals], word[word.index(after: equals)...])
    guard let known = all.first(where: { $0.name == key }) else { return [String(word)] }
    guard let given = known.assignments(value) else {
      throw CommandError("\(echo(word)): \(echo(value)) is no value; \(known.expected)")
    }
    return given.map { "\($0.key)=\($0.value)" }
  }

  /// What its keys are given by a value; nil where that is none for them.
  func assignments(_ value: Substring) -> [(key: String, value: Substring)]? {
    let values = value.split(separator: "/", omittingEmptySubsequences: false)
    guard values.allSatisfy({ !$0.isEmpty }), values.count <= keys.count else { return nil }
    return zip(keys, values.count == 1 ? keys.map { _ in value } : values).map { ($0, $1) }
  }

  /// What is expected in place of a value that is none.
  var expected: String {
    keys.count == 2 ? "expected one of both stages, or FORWARD/BACKWARD" : "expected one"
  }
}
