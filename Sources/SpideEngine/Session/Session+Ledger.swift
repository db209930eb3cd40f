extension Session {
  /// What the sample took, for its ledger; nil unless the cursor stands at its ``end``. Without a label the backward stage's
  /// counts are 0.
  public var tally: Tally? {
    guard position == end, let readout else { return nil }
    var back: (StageState, BackwardStage.Sources, [Float])?
    if let label, let sources, let backward {
      let scale = dynamics.lossScale / Float(batch)
      back = (backward, sources, readout.logitGradient(label: label, scale: scale))
    }
    return Tally(
      plan: plan, inputCurrent: inputCurrent, forward: forward, readout: readout, label: label,
      backward: back)
  }

  /// The ledger of the sample; nil unless the cursor stands at its ``end``.
  public var ledger: Ledger? {
    tally.map { Ledger($0, plan: plan, isVarying: !inputCurrent.frames.isEmpty) }
  }
}
