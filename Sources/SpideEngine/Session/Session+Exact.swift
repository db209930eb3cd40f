/// What the stages approach, solved directly.
extension Session {
  /// The exact equilibrium `a*` of a constant input; nil for a varying one.
  public func equilibrium() -> ExactResult? {
    if case .varying = input { return nil }
    return Exact.equilibrium(network: network, inputCurrent: inputCurrent)
  }

  /// The exact `β` for the measured gates; nil before the readout or without a label.
  public func implicitDifferentiation() -> ExactResult? {
    sources.map { Exact.implicitDifferentiation(network: network, sources: $0) }
  }
}
