import SpideConfiguration
import SpideEngine

/// What `inspect` finds of some samples: how near spikes and gradients are to the exact ones, and what they cost.
public struct Inspection: Sendable, Equatable {
  /// The preset's name.
  public let preset: String
  /// The shapes.
  public let plan: NetworkPlan
  /// Gradients, rates and the loop against the exact ones.
  public let found: GradientInspection
  /// What all samples cost.
  public let ledger: Ledger
  /// The figures that NeuroBench has a name for.
  public let neuroBench: NeuroBenchFigures
  /// What an operation takes.
  public let constants: EnergyConstants

  /// What was found of a preset's network.
  ///
  /// - Parameters:
  ///   - found: the samples, inspected.
  ///   - preset: what they were inspected under.
  ///   - parameters: the weights in use.
  ///   - isVarying: whether the input has a frame for every step.
  ///   - constants: what an operation takes.
  public init(
    _ found: GradientInspection, preset: Preset, parameters: Parameters, isVarying: Bool,
    constants: EnergyConstants = EnergyConstants()
  ) {
    self.preset = preset.name
    plan = preset.network
    self.found = found
    ledger = Ledger(found.tally, plan: plan, isVarying: isVarying)
    neuroBench = NeuroBenchFigures(parameters: parameters, tally: found.tally, ledger: ledger)
    self.constants = constants
  }
}
