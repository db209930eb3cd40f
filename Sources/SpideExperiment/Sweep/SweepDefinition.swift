import SpideConfiguration
import SpideData
import SpideEngine

/// What makes rows those of one sweep: the preset, what is measured, and over which keys. Values and seeds may be added to a
/// sweep later, or be shared out among programs.
///
/// It stands beside the file of rows, as a JSON object in `FILE.json`, and not in it: so the file is nothing but CSV, which
/// every reader takes as it is, and whoever asks which preset it was finds the whole of it.
struct SweepDefinition {
  private let preset: RecordedPreset
  private let name: String
  private let keys: [String]
  private let measure: SweepMeasure
  /// Of a gradient: the samples as `inspect` names them.
  private let samples: String?
  /// Of a gradient: which weights, by a hash of their numbers; nil for fresh ones.
  private let weights: String?

  init(_ sweep: Sweep) {
    preset = sweep.preset.recorded
    name = sweep.preset.name
    keys = sweep.keys
    measure = sweep.task.measure
    guard case .gradient(let samples, _) = sweep.task else {
      (self.samples, weights) = (nil, nil)
      return
    }
    self.samples = "\(samples.lowerBound)..\(samples.upperBound - 1)"
    weights = sweep.jobs.first?.parameters.map { parameters in
      var hash = FNV()
      for tensor in parameters.values { hash.add(tensor) }
      return String(hash.value, radix: 16)
    }
  }

  /// Reads what ``json`` gives; nil for anything else.
  init?(_ json: JSON) {
    guard case .string(let name)? = json["preset"], case .string(let text)? = json["text"],
      let overrides = json["overrides"]?.texts, let keys = json["keys"]?.texts,
      case .string(let word)? = json["measure"], let measure = SweepMeasure(rawValue: word)
    else { return nil }
    preset = RecordedPreset(text: text, overrides: overrides)
    (self.name, self.keys, self.measure) = (name, keys, measure)
    if case .string(let samples)? = json["samples"] {
      self.samples = samples
    } else {
      samples = nil
    }
    if case .string(let weights)? = json["weights"] {
      self.weights = weights
    } else {
      weights = nil
    }
  }

  var json: JSON {
    .object([
      ("preset", .string(name)), ("measure", .string(measure.rawValue)),
      ("keys", .array(keys.map(JSON.string))),
      ("samples", samples.map(JSON.string) ?? .null),
      ("weights", weights.map(JSON.string) ?? .null),
      ("overrides", .array(preset.overrides.map(JSON.string))), ("text", .string(preset.text)),
      ("version", .string(Program.version)),
    ])
  }

  /// In what a sweep is another than this one, in words: `another value of steps.forward`; nil where it is none.
  func difference(from sweep: Sweep) -> String? {
    let other = SweepDefinition(sweep)
    if keys != other.keys { return "other keys: \(keys.joined(separator: ", "))" }
    if measure != other.measure { return "--measure \(measure.rawValue)" }
    if let samples, samples != other.samples { return "--samples \(samples)" }
    if weights != other.weights { return weights == nil ? "fresh weights" : "other weights" }
    guard let job = sweep.jobs.first else { return nil }
    // What the two have under the keys of the sweep makes no difference.
    let assignments = zip(sweep.axes, job.place.values).map { $0.assignment($1) }
    let theirs = try? Preset(
      text: preset.text, file: name, overrides: preset.overrides + assignments,
      dataSets: DataSet.forms)
    let mine = try? sweep.preset.with(overrides: sweep.preset.overrides + assignments)
    guard let theirs, let mine else { return "preset \(name)" }
    if let key = mine.difference(from: theirs) { return "another value of \(key)" }
    let epochs = theirs.training.epochs
    return epochs == mine.training.epochs ? nil : "training.epochs=\(epochs)"
  }
}

extension JSON {
  /// An array of texts; nil for anything else.
  fileprivate var texts: [String]? {
    guard case .array(let values) = self else { return nil }
    let texts = values.compactMap { value -> String? in
      if case .string(let text) = value { return text }
      return nil
    }
    return texts.count == values.count ? texts : nil
  }
}
