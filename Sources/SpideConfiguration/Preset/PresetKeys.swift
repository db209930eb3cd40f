import SpideEngine

/// The keys that a preset can have, for whoever types one. The decoders beside this file decide; a test holds this
/// table against them, key by key.
public struct PresetKeys: Sendable {
  private let root: Node

  /// The keys, where a preset may name these data sets.
  public init(dataSets: [SampleForm]) {
    root = PresetKeys.root(sources: dataSets.map(\.name) + ["none"])
  }

  /// What may follow the beginning of a key: whole keys up to the next level, `neuron.` or `neuron.leak=`.
  ///
  /// - Parameters:
  ///   - typed: The beginning of a key, such as `network.links.1.de`.
  ///   - links: Links between layers that the preset has.
  public func continuations(of typed: some StringProtocol, links: Int) -> [String] {
    let segments = segments(typed)
    guard let last = segments.last, let node = node(segments.dropLast()) else { return [] }
    let start = segments.dropLast().map { $0 + "." }.joined()
    let children =
      node.entry.map { entry in (0..<links).map { (String($0), entry) } } ?? node.children
    return children.filter { $0.0.hasPrefix(last) }.flatMap { name, child -> [String] in
      let endings = (child.isSection ? ["."] : []) + (child.takesValue ? ["="] : [])
      return endings.map { start + name + $0 }
    }
  }

  /// The words that a key takes; none where it takes numbers or free text.
  public func values(of key: some StringProtocol) -> [String] {
    node(segments(key))?.values ?? []
  }

  private func segments(_ key: some StringProtocol) -> [String] {
    String(key).filter { $0 != " " }
      .split(separator: Character("."), omittingEmptySubsequences: false).map(String.init)
  }

  private func node(_ path: some Sequence<String>) -> Node? {
    var node = root
    for segment in path {
      if let entry = node.entry, Int(segment) != nil {
        node = entry
      } else if let child = node.children.first(where: { $0.0 == segment }) {
        node = child.1
      } else {
        return nil
      }
    }
    return node
  }

  /// A section, a list or a value.
  private struct Node: Sendable {
    /// Of a section.
    var children: [(String, Node)] = []
    /// Words that may be given as a value.
    var values: [String] = []
    /// What each entry of a list is.
    private var entries: [Node] = []

    var entry: Node? { entries.first }
    var isSection: Bool { !children.isEmpty || !entries.isEmpty }
    var takesValue: Bool { !isSection || !values.isEmpty }

    static func section(_ children: [(String, Node)], values: [String] = []) -> Node {
      Node(children: children, values: values)
    }

    static func value(_ words: [String] = []) -> Node { Node(values: words) }
    static func list(of entry: Node) -> Node { Node(entries: [entry]) }
  }

  private static func root(sources: [String]) -> Node {
    .section([
      ("name", .value()), ("summary", .value()), ("data", data(sources)),
      ("neuron", .section([("threshold", .value()), ("reset", reset), ("leak", .value())])),
      ("backward", .section([("threshold", .value()), ("reset", reset), ("leak", .value())])),
      ("steps", .section([("forward", .value()), ("backward", .value())])),
      ("network", network), ("training", training),
    ])
  }

  private static func data(_ sources: [String]) -> Node {
    .section([
      ("source", .value(sources)),
      ("normalize", .section([("mean", .value()), ("std", .value())])),
      ("augment", .section([("crop-padding", .value()), ("horizontal-flip", truth)])),
      ("frames", .value(EventFrames.allCases.map(\.rawValue))), ("shape", .value()),
      ("classes", .value()),
    ])
  }

  private static let reset = Node.value(["minus-threshold", "zero"])
  private static let truth = Node.value(["true", "false"])

  private static let network = Node.section([
    ("initial-weights", .value(InitialWeights.allCases.map(\.rawValue))),
    ("input", .section(kinds(AnyLinkKind.all))),
    ("links", .list(of: .section(kinds(AnyLinkKind.all)))),
    (
      "feedback",
      .section(kinds(AnyLinkKind.all.filter { $0.hasWeight }) + [("max-norm", .value())])
    ),
  ])

  private static func kinds(_ kinds: [any LinkKind.Type]) -> [(String, Node)] {
    kinds.map { kind in
      let sizes = kind.sizes.map { ($0.name, Node.value()) }
      let fields = sizes + [("bias", truth), ("dropout", .value())]
      return (kind.name, kind.ownSize == nil ? .section(fields) : .value())
    }
  }

  private static let training = Node.section([
    ("epochs", .value()), ("batch", .value()),
    (
      "optimizer",
      .section(
        OptimizerKind.all.map { rule in
          (rule.name, .section(rule.constants.map { ($0.name, .value()) }))
        }, values: OptimizerKind.all.map { OptimizerKind(standard: $0).description })
    ),
    (
      "learning-rate",
      .section(
        ["base", "decay-at", "decay-by", "warmup-batches"].map { ($0, .value()) })
    ),
    ("weight-decay", .value()), ("loss-scale", .value()),
  ])
}

extension Preset {
  /// The keys that it can have.
  public var keys: PresetKeys { PresetKeys(dataSets: dataSets) }
}
