import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment

/// Everything that the explorer knows: the only mutable state of the front end.
///
/// Changed by ``update(_:)`` alone and drawn by ``view()``; both are plain functions, so a test drives the explorer
/// with keys and reads pictures.
public struct Model: Sendable {
  // MARK: What is being looked at

  /// The experiment.
  public internal(set) var preset: Preset
  /// Its samples.
  var data: DataSplit
  /// Why a sample could not be read, once that has happened; nothing is learnt from then on.
  var unreadable: DataError?
  /// Why the preset cannot be trained here; nil where it can.
  var trainingObstacle: DataError?
  /// The newest weights.
  package internal(set) var parameters: Parameters
  /// Where the weights come from, in words.
  var weightsOrigin: String
  /// The file name of the weights that were loaded last, and one line about them.
  var loadedFile = ""
  var loadedSummary = ""
  /// The constants in use; they start as the preset's.
  var dynamics: Dynamics
  /// The constants that stand in the preset's file, whatever has been set since.
  var givenDynamics: Dynamics
  /// What runs beside the sample.
  var twins = Twins()
  /// What of the sample is to be seen.
  var goal = Goal()
  /// What has been asked for of it last.
  var ordered = Goal()
  /// What has been computed of it.
  var computed: Computed
  /// Whether samples come from the test set or the training batch.
  var mode = Mode.inspect
  /// The sample shown: of the test set while inspecting, of the next batch while training by hand.
  var sample: SampleReference
  /// Seeds the weights and the training.
  var seed: UInt64

  // MARK: How it is shown

  /// The screens that keys lead to.
  var screens: [PlacedScreen]
  var screenIndex = 0
  /// The panel that keys act on, as an index of the screen's panels.
  var focus = 0
  /// Whether the focused panel fills the screen.
  var isZoomed = false
  /// Scrolling and zooming of the forward and the backward raster.
  var rasters = RasterView()
  /// How the score is looked at.
  var score = ScoreView()
  /// What `+` and `-` change.
  var adjustable = Adjustable.threshold
  /// What the reset variants have in common.
  var basis = ResetComparison.Basis.sameResetAmount
  /// Whether the reset screen shows means over samples.
  var showsResetMean = false
  /// What lies over the screen.
  var overlay = Overlay.none
  /// One line about what just happened; gone with the next key.
  var note: Note?
  /// The presets that the menu offered last.
  var presets: [PresetChoice] = []
  /// Files that presets were opened from: the menu has them too.
  var presetFiles: [String] = []
  /// What the prompt's completion knows of folders.
  var lookup = FolderLookup()
  /// Where data sets are looked for first; nil where nobody said.
  var dataFolder: String?
  /// What `~` stands for.
  var home: String?
  /// Files that are being read or written, and the keys that wait for them.
  var waiting: Waiting?
  /// Answers still to come that nobody waits for any more.
  var givenUp = 0
  /// Lines entered before, oldest first.
  var history: [String] = []
  /// What has been done.
  package internal(set) var log: SessionLog
  var width: Int
  var height: Int
  var glyphs: Glyphs

  // MARK: How time goes

  var isPlaying = false
  var speed = Speed()
  /// How fast training goes.
  var pace = TrainingPace.full
  /// The fraction of a step that play owes: below one step a tick, some ticks make none.
  var stepsDue = 0.0
  /// The runs that are open. What belongs to the one on screen is in the fields here.
  var runs = Runs()
  /// What the trainer has told so far.
  var training = TrainingProgress()

  /// What stops playing and training.
  var breakpoints = Breakpoints()
  /// What was typed, clicked and pasted while something else had to come first, in order.
  var typedAhead: [InputEvent] = []
  /// Whether what has been typed is about an update that is still being looked into.
  var waitsForUpdate = false

  /// Whose ledger is shown, and what an operation takes in it.
  var ledgerSubject = LedgerSubject.sample
  var energyConstants = EnergyConstants()

  /// Gradients against the exact ones, measured when a panel on screen shows them.
  var inspections = Inspections()
  /// The parameter whose error is followed, in the order of the plan's.
  var selectedParameter = 0
  /// What has been found out about updates of the training.
  var updates = Updates()
  /// What a sweep has found, once its file was opened.
  var sweep: SweepView?
  /// Comparisons with the exact solutions, made when a panel on screen needs them.
  var comparisons = Comparisons()
}

extension Model {
  /// What an explorer starts with.
  public struct Setup: Sendable {
    /// The experiment.
    public var preset: Preset
    /// Its samples.
    public var data: DataSplit
    /// Weights to start from; nil draws fresh ones.
    public var weights: LoadedWeights?
    /// Seeds the weights and the training, unless a checkpoint goes on with its own seed.
    public var seed: UInt64
    /// The file that the preset was opened from; nil for one that has a name.
    public var presetFile: String?

    /// Why the preset cannot be trained here; nil where it can.
    public var trainingObstacle: DataError?
    /// How its run is begun.
    var request = RunRequest()
    /// The first sample of the test set before its first step.
    let start: Computed

    /// A start. Lays out the weights, which takes its time for a large network.
    public init(
      preset: Preset, data: DataSplit, weights: LoadedWeights? = nil, seed: UInt64,
      presetFile: String? = nil, trainingObstacle: DataError? = nil
    ) {
      self.presetFile = presetFile
      self.preset = preset
      // A training goes on with the constants that it was left with.
      let dynamics = weights?.checkpoint?.state.dynamics ?? preset.dynamics
      self.data = data.with(forwardSteps: dynamics.forwardSteps)
      self.weights = weights
      self.seed = seed
      self.trainingObstacle = trainingObstacle
      let parameters = Experiment(preset: preset, data: data, weights: weights, seed: seed)
        .parameters
      var start = Computed(
        goal: Goal(),
        network: PackedNetwork(
          plan: preset.network, parameters: parameters, dynamics: dynamics),
        parameters: parameters,
        input: SimulationOrder.Input(
          samples: self.data.test, sample: SampleReference(part: .test, index: 0)),
        batch: preset.training.batch)
      // The neuron to look at first is one that fires.
      start.session.lookAhead()
      let activity = start.session.activity(0)
      if let unit = preset.network.layers[0].unit(after: nil, in: activity, direction: 1) {
        start.goal.unit = UnitID(unit: unit)
        start.session.watch(start.goal.unit)
      }
      self.start = start
    }
  }

  /// An explorer before its first key.
  public init(
    _ setup: Setup, screens: [PlacedScreen], width: Int = 80, height: Int = 24,
    glyphs: Glyphs = .braille
  ) {
    preset = setup.preset
    data = setup.data
    seed = setup.weights?.checkpoint?.state.seed ?? setup.seed
    training = TrainingProgress(checkpoint: setup.weights?.checkpoint)
    trainingObstacle = setup.trainingObstacle
    dynamics = setup.start.session.dynamics
    let written = try? setup.preset.with(overrides: [])
    givenDynamics = (written ?? setup.preset).dynamics
    parameters = setup.start.parameters
    weightsOrigin = setup.weights?.name ?? "fresh weights, seed \(setup.seed)"
    loadedFile = setup.weights?.file ?? ""
    loadedSummary = setup.weights?.summary ?? ""
    training.loadedTest = setup.weights == nil ? .none : .due
    self.screens = screens
    self.width = width
    self.height = height
    self.glyphs = glyphs
    presetFiles = setup.presetFile.map { [$0] } ?? []
    runs.begin(Runs.Beginning(base: setup.runBase, folder: setup.request.folder))
    log = SessionLog(setup)
    sample = SampleReference(part: .test, index: 0)
    computed = setup.start
    goal = setup.start.goal
    ordered = goal
  }

  /// The sample on the timeline, as far as it has been computed.
  public var session: Session { computed.session }

  /// The set that the shown sample belongs to.
  var source: any SampleSource { sample.part == .test ? data.test : data.train }
  /// Whether the sample is another at every step, so that there is no equilibrium to approach.
  var variesInTime: Bool {
    if case .varying = session.input { return true }
    return false
  }
  /// The selected neuron.
  var unit: UnitID { goal.unit }
  /// The neuron whose trajectory is at hand: the selected one, once it has been computed.
  var watched: UnitID { session.watched }
  /// The shapes.
  var plan: NetworkPlan { preset.network }
  /// The screen shown; nil where there is none.
  var screen: Screen? { screens.indices.contains(screenIndex) ? screens[screenIndex].screen : nil }
  /// The panels of the screen, in reading order.
  var panels: [any Panel] { layout?.places.map { PanelRegistry.panel($0) } ?? [] }
  /// Those of them that are drawn: one alone where it is zoomed.
  var panelsInSight: [any Panel] { isZoomed ? focusedPanel.map { [$0] } ?? [] : panels }
  /// The panel that keys act on.
  var focusedPanel: (any Panel)? { panels.indices.contains(focus) ? panels[focus] : panels.first }
  /// Steps of both stages that the cursor has passed.
  var stepsShown: (forward: Int, backward: Int) { session.stepsShown }
  /// How long until time should move again by itself; nil while it stands.
  public var tickInterval: Duration? { isPlaying ? speed.interval(parts: tickParts) : nil }
  /// Ticks that a step takes while playing: as many as show which layer is being stepped, where there is time for that.
  var tickParts: Int {
    panels.contains { $0 is ScorePanel } ? speed.parts(atMost: plan.layers.count + 1) : 1
  }
}
