/// An update rule with its constants, whichever it is (`OptimizerRule`).
public struct OptimizerKind: Hashable, Sendable {
  /// The rule itself.
  package let base: any OptimizerRule

  /// Every rule there is, in the order in which messages name them.
  package static let all: [any OptimizerRule.Type] = [SGD.self, Adam.self]

  /// The rule of trainings that name none: the first one.
  public static var standard: OptimizerKind { OptimizerKind(standard: all[0]) }

  /// Any rule.
  package init(_ base: any OptimizerRule) { self.base = base }

  /// A rule with the constants that presets may leave out.
  package init(standard rule: any OptimizerRule.Type) {
    base = rule.init(constants: rule.constants.map(\.fallback))
  }

  /// What presets call it.
  public var name: String { type(of: base).name }
  /// What it remembers of every parameter, in the order of checkpoints.
  package var memory: [OptimizerMemory] { type(of: base).memory }

  /// The same rule with the same constants.
  public static func == (left: OptimizerKind, right: OptimizerKind) -> Bool {
    AnyHashable(left.base) == AnyHashable(right.base)
  }

  /// By the rule and its constants.
  public func hash(into hasher: inout Hasher) { AnyHashable(base).hash(into: &hasher) }
}

extension OptimizerKind: CustomStringConvertible {
  /// As presets write it: `{ sgd: { momentum: 0.9 } }`.
  public var description: String {
    let constants = zip(type(of: base).constants, base.constants).map { "\($0.name): \($1)" }
    return "{ \(name): { \(constants.joined(separator: ", ")) } }"
  }
}
