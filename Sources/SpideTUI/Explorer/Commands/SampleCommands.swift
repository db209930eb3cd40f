import SpideExperiment

extension Command {
  /// Another sample.
  static let sample = Command(
    "sample", "NUMBER | next | previous", .words { _, _ in ["next", "previous"] }
  ) { model, arguments throws(CommandError) in
    let word = try arguments.onlyWord()
    switch word {
    case "next": model.moveSample(1)
    case "previous": model.moveSample(-1)
    default:
      guard let index = Int(word), (0..<model.source.count).contains(index) else {
        throw CommandError(
          "no sample \(echo(word)); \(model.sample.part.rawValue) samples are 0 … "
            + "\(model.source.count - 1)")
      }
      model.showSample(index)
    }
    return []
  }

  /// Means over the first samples of the test set, or of so many of them, in place of the shown sample, and back.
  static let mean = Command("mean", "[SAMPLES]") { model, arguments throws(CommandError) in
    if arguments.words.isEmpty {
      model.inspections.isMean.toggle()
    } else {
      model.inspections.samples = try arguments.number(
        in: 1...Inspections.mostSamples, missing: model.inspections.samples)
      model.inspections.isMean = true
    }
    model.note = Note(
      text: model.inspections.isMean
        ? "means over \(Words.counted(model.inspectionSubject.samples, "test sample"))"
        : "the shown sample")
    return []
  }

  /// Starts training, for so many batches or without end, or pauses it.
  static let train = Command("train", "[BATCHES]") { model, arguments throws(CommandError) in
    guard !arguments.words.isEmpty else { return model.toggleTraining() }
    return try model.train(batches: arguments.number(in: 1...1_000_000_000, missing: 1))
  }

  /// How fast training goes, so that it can be watched.
  static let pace = Command(
    "pace", "BATCHES-A-SECOND | full", .words { _, place in place == 1 ? ["full"] : [] }
  ) { model, arguments throws(CommandError) in
    let word = try arguments.onlyWord()
    guard let chosen = TrainingPace(String(word)) else {
      throw CommandError("no pace \(echo(word)); \(TrainingPace.range)")
    }
    model.pace = chosen
    model.note = Note(text: "training at \(chosen.text)")
    return model.training.state == .running ? [.training(.use(model.trainingStart))] : []
  }

  /// Back to samples of the test set.
  static let inspect = Command("inspect") { $0.inspect() }
}
