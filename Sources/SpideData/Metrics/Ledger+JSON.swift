import SpideEngine

extension Ledger {
  /// The ledger of one sample, the mean of all, as commands print it. Stages that did not run are null.
  public func json(_ constants: EnergyConstants) -> JSON {
    let mean = mean
    let energy = mean.energy(constants)
    let hasBackward = backwardUpdates > 0
    func backward(_ value: JSON) -> JSON { hasBackward ? value : .null }
    return .object([
      ("constants", constants.json),
      ("links", .array(mean.links.map { $0.json(hasBackward: hasBackward) })),
      (
        "neuron_updates",
        .object([
          ("forward", .count(mean.forwardUpdates)),
          ("backward", backward(.count(mean.backwardUpdates))),
        ])
      ),
      (
        "ordinary_network",
        .object([("multiply_accumulates", .count(mean.total.ordinary))])
      ),
      (
        "energy_uJ",
        .object([
          ("forward", .double(energy.forward)),
          ("backward", backward(.double(energy.backward))),
          ("gradient", backward(.double(energy.gradient))),
          ("dense", .double(energy.dense)),
          ("ordinary_network", .double(energy.ordinaryNetwork)),
        ])
      ),
    ])
  }
}

extension EnergyConstants {
  fileprivate var json: JSON {
    .object([
      ("accumulate_pJ", .double(accumulate)),
      ("multiply_accumulate_pJ", .double(multiplyAccumulate)),
    ])
  }
}

extension Ledger.Entry {
  fileprivate func json(hasBackward: Bool) -> JSON {
    .object(
      [("name", .string(name))]
        + LedgerStage.allCases.map { stage in
          let cost = self[stage]
          guard stage == .forward || hasBackward else { return (stage.rawValue, .null) }
          return (
            stage.rawValue,
            .object([
              ("accumulates", .count(cost.done.accumulates)),
              ("multiply_accumulates", .count(cost.done.multiplyAccumulates)),
              ("dense", .count(cost.dense.total)),
            ])
          )
        })
  }
}

extension NeuroBenchFigures {
  /// The figures under NeuroBench's names.
  public var json: JSON {
    .object([
      ("parameter_count", .int(parameterCount)),
      ("footprint_bytes", .int(footprintBytes)),
      ("connection_sparsity", .double(connectionSparsity)),
      ("activation_sparsity", .double(activationSparsity)),
      ("effective_acs", .count(effectiveACs)),
      ("effective_macs", .count(effectiveMACs)),
      ("dense", .count(dense)),
    ])
  }
}

extension JSON {
  /// A count or a mean of counts: without a point where it is a whole number.
  static func count(_ value: Double) -> JSON { Int(exactly: value).map(JSON.int) ?? .double(value) }
}
