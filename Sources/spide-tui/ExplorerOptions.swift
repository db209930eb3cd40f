import ArgumentParser
import SpideConfiguration
import SpideData
import SpideExperiment
import SpideFiles
import SpideTUI

/// What an explorer begins with, on a terminal and in a picture.
struct ExplorerOptions: ParsableArguments {
  @OptionGroup var common: CommonOptions

  @Option(
    help: ArgumentHelp(
      "Weights to start from, or a training to go on with; a folder stands for its latest.",
      valueName: "path"))
  var checkpoint: String?

  @Option(help: ArgumentHelp("The screen to begin with.", valueName: "name"))
  var screen: String?

  @Option(
    help: ArgumentHelp(
      "braille, block or ascii.",
      discussion: """
        Braille is the default, block on the Linux console, and ASCII where the locale is not UTF-8.
        """))
  var cells: Cells?

  @Flag(name: .customLong("no-color"), help: "No colours, as with NO_COLOR.")
  var noColor = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Memory that the recording of a training may take, to go back in it (default: 256).",
      valueName: "MB"),
    transform: WholeNumber.within(1...1_000_000))
  var memory: Int?

  enum Cells: String, ExpressibleByArgument, CaseIterable {
    case braille, block, ascii
  }

  /// What says how one training begins does not go with runs that have begun.
  func refuse(runs: [String]) throws {
    guard let first = runs.first else { return }
    // A command that is spelt wrongly is more likely than a folder that is not there.
    if let word = runs.first(where: { !$0.contains("/") && FileKind.at($0) == nil }) {
      throw ValidationError(
        "no command and no folder of a run is called here '\(word)'")
    }
    if checkpoint != nil || common.givenPreset != nil || common.givenSeed != nil
      || !common.overrides.isEmpty
    {
      throw ValidationError(
        "\(first) is a run with a preset of its own; expected no --checkpoint, --preset, --seed or --set beside it"
      )
    }
  }

  /// Reads presets, screens, data and weights; `runs` are folders of trainings, of which the first comes on screen.
  func load(runs: [String] = []) throws -> Explorer.Options {
    let setups = try runs.map {
      try Model.Setup(run: $0, dataDirectory: common.data, threads: common.threadCount)
    }
    if let first = setups.first { return try options(first, more: Array(setups.dropFirst())) }
    let file = try checkpoint.map { path throws(DataError) in try WeightsFile.open(path) }
    let preset = try common.loadPreset(recordedIn: file)
    try PresetTask.stepping.requireMemory(preset)
    let data = try common.loadData(preset)
    var weights = try file.map { try LoadedWeights($0, for: preset, samples: data.train.count) }
    // Who asks for another seed wants another training of the same weights.
    if let seed = common.givenSeed, let saved = weights?.checkpoint, saved.state.seed != seed {
      weights?.checkpoint = nil
      weights?.difference = "seed"
    }
    return try options(
      Model.Setup(
        preset: preset, data: data, weights: weights, seed: common.seed,
        presetFile: common.givenPreset.flatMap { PresetLibrary.isPath($0) ? $0 : nil },
        trainingObstacle: PresetTask.trainingObstacle(preset, threads: common.threadCount)))
  }

  private func options(_ setup: Model.Setup, more: [Model.Setup] = []) throws -> Explorer.Options {
    let library = ScreenLibrary.ofPanels
    let (screens, problems, keys) = library.arrangement()
    if let screen { _ = try library.find(screen) }
    var options = Explorer.Options(
      setup: setup,
      screens: screens, notes: keys, problems: problems, dataDirectory: common.data,
      threads: common.threadCount, startScreen: screen,
      glyphs: cells.flatMap { Glyphs(rawValue: $0.rawValue) }, usesColor: !noColor)
    options.runs = more
    // The network itself and its training need the most of it.
    options.recordingBudget = min(
      memory.map { $0 << 20 } ?? options.recordingBudget, MachineMemory.here.bytes / 4)
    return options
  }
}
