import SpideConfiguration
import SpideData
import SpideEngine

/// A training, with all that belongs to it: what it was begun with, and what it has come to.
struct Run: Sendable {
  /// Where a run comes from.
  struct Origin: Hashable, Sendable {
    /// The other run.
    let id: Int
    let name: String
    /// Batches that were done there; nil where the run began anew, with other weights.
    let update: Int?

    /// `digits at 40`, or `digits, anew`.
    var text: String { update.map { "\(name) at \($0)" } ?? "\(name), anew" }
  }

  /// What orders and reports call it. Another training never has the same.
  let id: Int
  /// Counted from 1, as the screen shows it.
  let number: Int
  /// What commands call it: no two runs have the same, and none has a space.
  var name: String
  /// What forks of it are named after.
  let base: String
  let origin: Origin?
  /// What differs from there, in words.
  let difference: String
  /// The series whose colour, mark and dashes its curves have, as long as it is open.
  let series: Int
  /// Where its data were looked for.
  var dataFolder: String?
  /// Whether its curves lie over the others'.
  var isOverlaid = false
  /// The folder that it was opened from or saved to.
  var folder: String?
  /// Whether another program trains it there.
  var isWritten = false
  /// All the rest while it is not the one on screen; nil while it is.
  var kept: RunState?
}

/// What the fields of the model hold of a run. Those of the others are kept so: to switch is to swap.
struct RunState: Sendable {
  var preset: Preset
  var data: DataSplit
  var unreadable: DataError?
  var trainingObstacle: DataError?
  var parameters: Parameters
  var weightsOrigin: String
  var loadedFile: String
  var loadedSummary: String
  var dynamics: Dynamics
  var givenDynamics: Dynamics
  var seed: UInt64
  var training: TrainingProgress
  var mode: Mode
  var sample: SampleReference
  var goal: Goal
  var computed: Computed
  var selectedParameter: Int
}

extension Model {
  /// The run on screen.
  var runState: RunState {
    get {
      RunState(
        preset: preset, data: data, unreadable: unreadable, trainingObstacle: trainingObstacle,
        parameters: parameters, weightsOrigin: weightsOrigin, loadedFile: loadedFile,
        loadedSummary: loadedSummary, dynamics: dynamics, givenDynamics: givenDynamics, seed: seed,
        training: training, mode: mode, sample: sample, goal: goal, computed: computed,
        selectedParameter: selectedParameter)
    }
    set {
      preset = newValue.preset
      data = newValue.data
      unreadable = newValue.unreadable
      trainingObstacle = newValue.trainingObstacle
      parameters = newValue.parameters
      weightsOrigin = newValue.weightsOrigin
      loadedFile = newValue.loadedFile
      loadedSummary = newValue.loadedSummary
      dynamics = newValue.dynamics
      givenDynamics = newValue.givenDynamics
      seed = newValue.seed
      training = newValue.training
      mode = newValue.mode
      sample = newValue.sample
      goal = newValue.goal
      computed = newValue.computed
      selectedParameter = newValue.selectedParameter
    }
  }
}
