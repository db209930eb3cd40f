/// Records something of a sample: sees the state after every step of both stages once, in order, as it is first computed.
///
/// A session has the monitors that it was asked for, by name; the stages know nothing of them.
public protocol Monitor: Sendable {
  /// Forgets what was recorded; the states to come are those of this network.
  mutating func begin(_ network: PackedNetwork)
  /// Takes in the state after a step, from `F1` on; ``SampleState/backward`` tells the stage.
  mutating func record(_ state: SampleState)
}

/// The states of both stages after one step.
public struct SampleState: Sendable {
  /// The forward stage.
  public var forward: StageState
  /// The backward stage; nil before its first step.
  public var backward: StageState?
}

/// Names a monitor of a session, and says of which kind it is.
public struct MonitorName<Kind: Monitor>: Hashable, Sendable {
  /// Tells monitors of one session apart.
  public let text: String

  /// A name.
  public init(_ text: String) { self.text = text }
}

/// Monitors by name. A value: a copy has recorded the same and goes on by itself.
public struct Monitors: Sendable {
  private var entries: [(name: String, monitor: any Monitor)] = []

  /// None.
  public init() {}

  /// The monitor of that name; nil where there is none, or one of another kind.
  public subscript<Kind: Monitor>(name: MonitorName<Kind>) -> Kind? {
    get { entries.first { $0.name == name.text }?.monitor as? Kind }
    set {
      entries.removeAll { $0.name == name.text }
      if let newValue { entries.append((name.text, newValue)) }
    }
  }

  mutating func begin(_ network: PackedNetwork) {
    for index in entries.indices { entries[index].monitor.begin(network) }
  }

  mutating func record(_ state: SampleState) {
    for index in entries.indices { entries[index].monitor.record(state) }
  }
}
