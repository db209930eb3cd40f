import ArgumentParser
import SpideConfiguration
import SpideData
import SpideExperiment
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

  /// Reads presets, screens, data and weights.
  func load() throws -> Explorer.Options {
    let file = try checkpoint.map { path throws(DataError) in try WeightsFile.open(path) }
    let preset = try common.loadPreset(recordedIn: file)
    try PresetTask.stepping.requireMemory(preset)
    let library = ScreenLibrary.ofPanels
    let (screens, problems, keys) = library.arrangement()
    if let screen { _ = try library.find(screen) }
    let data = try common.loadData(preset)
    var weights = try file.map { try LoadedWeights($0, for: preset, samples: data.train.count) }
    // Who asks for another seed wants another training of the same weights.
    if let seed = common.givenSeed, let saved = weights?.checkpoint, saved.state.seed != seed {
      weights?.checkpoint = nil
      weights?.difference = "seed"
    }
    var options = Explorer.Options(
      setup: Model.Setup(
        preset: preset, data: data, weights: weights, seed: common.seed,
        presetFile: common.givenPreset.flatMap { PresetLibrary.isPath($0) ? $0 : nil },
        trainingObstacle: PresetTask.trainingObstacle(preset, threads: common.threadCount)),
      screens: screens, notes: keys, problems: problems, dataDirectory: common.data,
      threads: common.threadCount, startScreen: screen,
      glyphs: cells.flatMap { Glyphs(rawValue: $0.rawValue) }, usesColor: !noColor)
    // The network itself and its training need the most of it.
    options.recordingBudget = min(
      memory.map { $0 << 20 } ?? options.recordingBudget, MachineMemory.here.bytes / 4)
    return options
  }
}
