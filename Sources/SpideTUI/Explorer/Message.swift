import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment

/// What can happen to the explorer.
public enum Message: Sendable {
  case input(InputEvent)
  /// Time to move on while playing.
  case tick
  /// Ctrl-C.
  case interrupt
  /// News from the training thread.
  case training(TrainingReport)
  /// A preset was opened, or why it was not.
  case opened(Result<Model.Setup, Failure>)
  /// The presets, for the menu and the completion.
  case presets([PresetChoice])
  /// What lies in a folder, for the completion.
  case folder(FolderListing)
  /// The folder where data sets are looked for from now on, or why it stays the one before.
  case dataFolder(Result<String, Failure>)
  /// Weights were read, or why not.
  case loaded(Result<LoadedWeights, Failure>)
  /// Files were written, or why not.
  case wrote(WriteOrder, Result<[String], Failure>)
  /// Nothing was written, since these files are there.
  case occupied(WriteOrder, files: [String])
  /// Loaded weights were tested.
  case evaluated(EvaluationAnswer)
  /// More of an inspection is done.
  case inspection(InspectionNews)
  /// More is known about an update.
  case accounted(UpdateNews)
  /// A comparison with the exact solutions is done.
  case compared(ComparisonAnswer)
  /// More of the sample has been computed.
  case simulated(SimulationAnswer)
  /// A search among the samples is over.
  case found(SearchAnswer)
  /// Another program has gone on with the run of a folder.
  case runNews(RunNews)
  /// A sweep's file was read, or why not.
  case sweep(Result<SweepFileRead, Failure>)
  /// A played session is over, in words.
  case played(String)
}

/// What went wrong outside, in one line.
public struct Failure: Error, Hashable, Sendable {
  /// The line.
  public var line: String

  /// A failure in words.
  public init(_ line: String) { self.line = line }
}

/// What the explorer wants done outside: `Model.update` returns effects and never acts itself.
public enum Effect: Sendable {
  case quit(exitCode: Int32)
  case training(TrainingOrder)
  /// Compute what is missing of the sample; the answers may take their time.
  case simulate(SimulationOrder)
  /// Compare the sample with the exact solutions; the answer may take its time.
  case compare(ComparisonOrder)
  /// Give up the comparison that is being made, which is answered as one that was.
  case stopComparing
  /// Look for a sample; the answer may take its time.
  case search(SearchOrder)
  /// Give up the search, which is answered as one that found nothing.
  case stopSearching
  /// Open a preset by name or path, with `KEY=VALUE` overrides.
  case open(name: String, overrides: [String])
  /// Open a preset from text that is already at hand, for a run that is begun so.
  case openText(Preset, Model.RunRequest)
  /// Look again and again at the folders of runs that other programs may train, at these and no others.
  case follow([FollowOrder])
  /// Open a checkpoint, or a folder of them, as a run.
  case openRun(path: String)
  /// List the presets, those of some files too, and see for which of them there are data.
  case listPresets(files: [String])
  /// List what lies in a folder.
  case listFolder(String)
  /// Look for data sets in a folder first from now on.
  case useData(folder: String)
  /// Write files. Where some are there already they are written only if this `overwrites`; else the answer names them.
  case write(WriteOrder, overwrites: Bool)
  /// Test loaded weights; the answer may take its time.
  case evaluate(EvaluationOrder)
  /// Measure gradients against the exact ones; the answers may take their time.
  case inspect(InspectionOrder)
  /// Find out about an update of the training; the answers may take their time.
  case account(UpdateOrder)
  /// Give up what is being found out.
  case stopAccounting
  /// Give up what is being measured.
  case stopInspecting
  /// Give up the test of loaded weights.
  case stopEvaluating
  /// Read what a sweep has found, as far as it has been written.
  case readSweep(path: String)
  /// Read weights of the preset's shapes from a file; `samples` are those of its training set.
  case load(path: String, preset: Preset, samples: Int)
}

/// Files to be written.
public enum WriteOrder: Sendable {
  /// The weights as they stand after so many batches of a training, with all that going on with it needs where that is
  /// known.
  case weights(
    Parameters, checkpoint: Checkpoint?, preset: Preset, path: String, run: Int, batches: Int)
  /// A run into a folder that `train --resume` takes, where it `isOwn` beside what is there of it.
  case run(
    Checkpoint, plan: NetworkPlan, path: String, run: Int, batches: Int, isOwn: Bool)
  /// What is shown as text, and the trace of the sample, in two files whose names begin with `stem`.
  case screen(text: String, session: Session, stem: String)
  /// What has been done so far, as a played session.
  case log(text: String, path: String)

  /// The files.
  var paths: [String] {
    switch self {
    case .weights(_, _, _, let path, _, _): return [path]
    case .screen(_, _, let stem): return [stem + ".txt", stem + ".safetensors"]
    case .run(_, _, let path, _, _, _): return [path]
    case .log(_, let path): return [path]
    }
  }

  /// The files that it would replace. A run's folder only gets more.
  var replaced: [String] {
    if case .run = self { return [] }
    return paths
  }

  /// The run whose weights it has, and the batches behind them.
  var saved: (run: Int, batches: Int)? {
    switch self {
    case .weights(_, _, _, _, let run, let batches), .run(_, _, _, let run, let batches, _):
      return (run, batches)
    case .screen, .log: return nil
    }
  }
}
