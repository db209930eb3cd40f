import SpideConfiguration
import SpideData
import SpideEngine

extension Preset {
  /// The preset with the constants that weights were last trained with, where their file tells of others than its preset's.
  /// What is given stays as it is: by overrides, or by a preset that has another constant than the recorded one.
  ///
  /// - Parameters:
  ///   - file: A checkpoint, or weights alone.
  ///   - given: Those of ``SpideConfiguration/Preset/overrides`` that somebody gave beside the file.
  /// - Throws: ``DataError`` of kind `badData` where its constants cannot be read or do not go with those that are given.
  public func trained(in file: SafetensorsFile, given: [String]) throws -> Preset {
    guard let log = try Checkpoint.constants(in: file), let recorded = try Preset(recordedIn: file)
    else { return self }
    let (theirs, keys) = (recorded.dynamics, given.map { Preset.key(of: $0) })
    var constants = log.current
    let sharesLeak = !givesBackwardLeak && constants.forward.leak == constants.backward.leak
    for constant in Dynamics.keys where constant != "backward.leak" || givesBackwardLeak {
      let isGiven = keys.contains { Dynamics.covers($0, constant) }
      let isMeant = theirs.taking(constant, from: dynamics, sharesLeak: false) != theirs
      guard isGiven || isMeant else { continue }
      constants = constants.taking(constant, from: dynamics, sharesLeak: sharesLeak)
    }
    guard constants.isInRange else {
      let resets = "\(Words.reset(constants.forward)) and \(Words.reset(constants.backward))"
      throw DataError(
        .badData, path: file.path,
        problem: "the resets of its training, \(resets), are not below the thresholds",
        expected: "another neuron.reset or backward.reset beside the thresholds that are given")
    }
    return with(dynamics: constants)
  }
}
