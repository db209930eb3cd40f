import Foundation
import SpideConfiguration
import Testing

/// One change to the valid preset, where its error stands, and a part of what it says.
struct Fault: CustomTestStringConvertible {
  let old: String
  let new: String
  let place: String
  let says: String

  init(_ old: String, _ new: String, _ place: String, _ says: String) {
    self.old = old
    self.new = new
    self.place = place
    self.says = says
  }

  var testDescription: String { "\(old) → \(new)" }
}

@Suite struct PresetErrorTests {
  @Test(arguments: [
    // Keys.
    Fault(
      "  batch:", "  bacth:", "21:3", #"unknown key "bacth" in training; expected epochs, batch"#),
    Fault("  batch:", "  bacth:", "21:3", #"(did you mean "batch"?)"#),
    Fault("neuron: ", "nueron: ", "7:1", #"unknown key "nueron"; expected name, summary,"#),
    Fault("kernel: 3, padding: 1, drop", "kernal: 3, padding: 1, drop", "12:40", #""kernel"?"#),
    Fault("zero }", "zero, leek: 1 }", "8:43", #"unknown key "leek" in backward"#),
    Fault("zero }", "zero, leek: 1 }", "8:43", #"(did you mean "leak"?)"#),
    Fault("  epochs: 10\n", "", "20:3", "the key training.epochs is missing"),
    Fault("name: sample\n", "", "1:1", "the key name is missing"),
    Fault("forward: 30, ", "", "9:11", "the key steps.forward is missing"),
    Fault("kernel: 3, padding: 1, dropout", "dropout", "12:25", "convolution.kernel is missing"),
    Fault("weight-decay: 0.0005", "batch: 3", "24:3", #"the key "batch" is given twice"#),
    Fault("leak: 0.9", "reset: zero", "7:53", #"the key "reset" is given twice"#),
    Fault(
      "- { average-pool: 2 }", "- { average-pool: 2, dense: { units: 3 } }", "14:26", "dense beside"
    ),
    Fault("{ average-pool: 2 }", "{ }", "14:7", "network.links.0 chooses nothing"),
    Fault("{ average-pool: 2 }", "{ average-pool: 2, dropout: 0.5 }", "14:26", "unknown key"),
    // Types.
    Fault(
      "leak: 0.9", "leak: \"0.9\"", "7:59", #"neuron.leak is the text "0.9"; expected a number"#),
    Fault("leak: 0.9", "leak: [0.9]", "7:59", "is a list"),
    Fault("leak: 0.9", "leak: ", "7:60", "is empty"),
    Fault("bias: false", "bias: no", "15:67", #"is "no"; expected true or false"#),
    Fault("bias: false", "bias: 'false'", "15:67", "the text"),
    Fault("bias: false", "bias: 0", "15:67", "is 0"),
    Fault("batch: 64", "batch: 64.0", "21:10", "is 64.0; expected a whole number from 1"),
    Fault("batch: 64", "batch: 030", "21:10", #"is "030"; expected a whole number"#),
    Fault("batch: 64", "batch: 1:30", "21:10", #"is "1:30""#),
    Fault("batch: 64", "batch: 0x10", "21:10", #"is "0x10""#),
    Fault("batch: 64", "batch: 1_000", "21:10", #"is "1_000""#),
    Fault("batch: 64", "batch: +5", "21:10", #"is "+5""#),
    Fault("batch: 64", "batch: 99999999999999999999", "21:10", "from 1 to 65536"),
    Fault("threshold: 1.0", "threshold: .nan", "7:24", #"is ".nan""#),
    Fault("threshold: 1.0", "threshold: NaN", "7:24", #"is "NaN""#),
    Fault("threshold: 1.0", "threshold: .inf", "7:24", #"is ".inf""#),
    Fault("threshold: 1.0", "threshold: 1e999", "7:24", "is 1e999; expected a number above 0"),
    Fault("summary: A small preset.", "summary: 5", "2:10", "summary is 5; expected text"),
    Fault("summary: A small preset.", "summary: \"a\\nb\"", "2:10", "expected one line"),
    Fault("  source: digits", "  source: [digits]", "4:11", "is a list"),
    // Values.
    Fault("source: digits", "source: minst", "4:11", #"(did you mean "mnist"?)"#),
    Fault("weights: unit", "weights: kaimin", "11:20", #"(did you mean "kaiming"?)"#),
    Fault("minus-threshold", "minus-treshold", "7:36", #"(did you mean "minus-threshold"?)"#),
    Fault("minus-threshold", "1.0", "7:36", "is 1.0; expected a number below the threshold 1"),
    Fault("threshold: 1.0", "threshold: 0", "7:24", "expected a number above 0"),
    Fault("threshold: 1.0", "threshold: 1e-60", "7:24", "expected a number above 0"),
    Fault("leak: 0.9", "leak: 0", "7:59", "expected a number above 0 and at most 1"),
    Fault("leak: 0.9", "leak: 1.01", "7:59", "above 0 and at most 1"),
    Fault("zero }", "zero, leak: 0 }", "8:49", "backward.leak is 0; expected a number above 0"),
    Fault("zero }", "zero, leak: 1.01 }", "8:49", "above 0 and at most 1"),
    Fault("zero }", "zero, leak: [1] }", "8:49", "backward.leak is a list"),
    Fault("dropout: 0.2", "dropout: 1", "12:72", "expected a number at least 0 and below 1"),
    Fault("dropout: 0.2", "dropout: -0.1", "12:72", "at least 0 and below 1"),
    Fault("forward: 30", "forward: 0", "9:22", "from 1 to 100000"),
    Fault("backward: 100 }", "backward: 100001 }", "9:36", "from 1 to 100000"),
    Fault("epochs: 10", "epochs: -1", "20:11", "from 1 to 100000"),
    Fault("[0.4]", "[0]", "5:35", "data.normalize.std.0 is 0; expected a number above 0"),
    Fault("[0.3]", "[0.3, 0.3]", "5:22", "mean has 2 entries; expected 1 number"),
    Fault("[0.3]", "0.3", "5:22", "expected a list"),
    Fault("[4, 8]", "[8, 4]", "23:46", "is 4; expected epochs in ascending order"),
    Fault("[4, 8]", "[4, 4]", "23:46", "ascending"),
    Fault("base: 0.05", "base: 0", "23:26", "above 0"),
    Fault("beta2: 0.99", "beta2: 1", "22:43", "below 1"),
    Fault("max-norm: 2", "max-norm: 0", "18:15", "above 0"),
    Fault("crop-padding: 1", "crop-padding: -1", "6:28", "from 0 to 64"),
    Fault("name: sample", "name: ../sample", "1:7", "expected letters, digits"),
    Fault("name: sample", "name: other", "1:7", #"name is "other"; expected "sample""#),
    // Data without a data set.
    Fault(
      "source: digits", "source: digits\n  classes: 3", "5:3", "data.classes beside source digits"),
    Fault("source: digits", "source: none", "5:3", "data.normalize beside source none"),
    Fault(
      "source: digits", "source: digits\n  frames: authors", "5:3",
      "data.frames beside source digits; expected no frames: its samples are not events"),
    Fault(
      "source: digits", "source: cifar10-dvs\n  frames: author", "5:11",
      #"data.frames is "author"; expected counts or authors (did you mean "authors"?)"#),
    Fault(
      "source: digits", "source: cifar10-dvs\n  frames: [counts]", "5:11",
      "data.frames is a list; expected counts or authors"),
    // Shapes.
    Fault("stride: 2", "stride: 0", "17:63", "stride is 0; expected a whole number from 1"),
    Fault(
      "kernel: 3, padding: 1, drop", "kernel: 11, padding: 1, drop", "12:12",
      "larger than the padded"),
    Fault("average-pool: 2", "average-pool: 9", "14:9", "average-pool 9 is larger"),
    Fault("stride: 2", "stride: 1, output-padding: 0 } #", "17:5", "in network.feedback"),
    Fault("{ average-pool: 2 }", "{ dense: { units: 9 } }", "15:9", "needs feature maps"),
    Fault("channels: 16", "channels: 65537", "15:34", "from 1 to 65536"),
    // What YAML offers and presets refuse.
    Fault("  batch", "\tbatch", "21:1", "a tab indents this line; expected spaces"),
    Fault("leak: 0.9", "leak: &a 0.9", "7:59", "an anchor"),
    Fault("leak: 0.9", "leak: *a", "7:59", "undefined alias"),
    Fault("leak: 0.9", "leak: !!float 0.9", "7:59", "the tag"),
    Fault("leak: 0.9", "<<: { leak: 0.9 }", "7:53", "a merge key"),
    Fault("leak: 0.9", "? [a] : 0.9", "7:55", "a key that is no text"),
    Fault("leak: 0.9", "leak: 0.\u{7}9", "7:61", "U+7"),
    Fault("leak: 0.9", "leak: 0.\0", "7:61", "U+0"),
    Fault("leak: 0.9 }", "leak: 0.9", "8:9", "no YAML here"),
    Fault("loss-scale: 200\n", "loss-scale: 200\n---\na: b\n", "26:1", "a second document"),
  ])
  func eachFaultIsOneLineAtItsPlace(fault: Fault) throws {
    #expect(validPreset.contains(fault.old))
    let text = validPreset.replacingFirst(fault.old, fault.new)
    let error = try #require(presetError(text, expectedName: "sample"))
    #expect(error.description.hasPrefix("x.yaml:\(fault.place): "), "\(error)")
    #expect(error.description.contains(fault.says), "\(error)")
    #expect(error.description.contains("; expected "), "\(error)")
    #expect(!error.description.contains { $0.isNewline }, "\(error)")
    #expect(error.exitCode == 65)
  }

  @Test(arguments: [
    ("", "1:1", "the file is empty"),
    ("# nothing\n\n# here\n", "1:1", "the file is empty"),
    ("---\n", "2:1", "the file is empty"),
    ("- a\n- b\n", "1:1", "is a list; expected a mapping"),
    ("hello", "1:1", #"is "hello""#),
    (String(repeating: "#", count: 10_000_000), "1:1", "more than 262144 bytes"),
    (String(repeating: "[", count: 100_000), "1:1", "nested more than 24 deep"),
    (String(repeating: "- ", count: 100_000), "1:1999", "nested more than 24 deep"),
    (String(repeating: "? ", count: 100_000) + "a", "1:1999", "nested more than 24 deep"),
    (
      String(repeating: "- ", count: 990) + String(repeating: "[", count: 990)
        + String(repeating: "]", count: 990), "1:1981", "nested more than 24 deep"
    ),
    (
      String(repeating: "{a: ", count: 990) + "b" + String(repeating: "}", count: 990), "1:101",
      "nested more than 24 deep"
    ),
    ("a: [" + String(repeating: "*x, ", count: 100) + "]", "1:70", "more than 16 aliases"),
  ])
  func wholeFilesThatAreNoPreset(text: String, place: String, says: String) throws {
    let error = try #require(presetError(text))
    #expect(error.description.hasPrefix("x.yaml:\(place): "), "\(error)")
    #expect(error.description.contains(says), "\(error)")
  }

  @Test(arguments: [
    ("steps.bakward=50", "1:7", #"(did you mean "backward"?)"#),
    ("steps.backward=many", "1:16", #"steps.backward is "many"; expected a whole number"#),
    ("steps.backward=", "1:16", "steps.backward is empty"),
    ("steps.backward=\"50\"", "1:16", "the text"),
    ("training.optimizer={ sdg: {} }", "1:22", #"(did you mean "sgd"?)"#),
    ("training.optimizer.sgd.momentum=0.9", "1:20", "sgd beside adam"),
    ("training.optimizer={ sgd: ", "1:27", "no YAML here"),
    ("network.links.7.dense.units=3", "1:15", #"network.links has no entry "7""#),
    ("data=3", "1:6", "data is 3; expected a mapping with source"),
    ("network.links=3", "1:15", "network.links is 3; expected a list"),
    ("network.feedback={ average-pool: 2 }", "1:20", #"unknown key "average-pool""#),
    ("name.first=x", "1:6", "name has no keys within it"),
    ("name=other", "1:6", #"expected "sample""#),
    ("steps", "1:1", "expected KEY=VALUE"),
    ("=5", "1:1", "an empty key"),
    ("steps..backward=5", "1:7", "an empty key"),
    ("a.b.c.d.e.f.g.h.i=5", "1:1", "9 parts"),
    (
      "network.links.1.convolution.stride=2", "1:1",
      "layer 0 is [8, 8, 8] in network.feedback (at x.yaml:17:5)"
    ),
    ("summary=\u{1B}[2J", "1:9", "U+1B"),
  ])
  func faultsOfOverridesNameTheOverride(override: String, place: String, says: String) throws {
    let error = try #require(
      presetError(validPreset, overrides: ["training.epochs=3", override], expectedName: "sample"))
    #expect(error.file == "--set " + override)
    #expect(error.description.contains(":\(place): "), "\(error)")
    #expect(error.description.contains(says), "\(error)")
    #expect(!error.description.contains { $0.isNewline || $0 == "\u{1B}" })
  }

  /// A line is a line, whatever it ends with.
  @Test(arguments: ["\n", "\r\n", "\r"]) func linesAreCountedWhateverEndsThem(
    _ end: String
  ) throws {
    let text = validPreset.replacingFirst("  batch:", "\tbatch:")
      .replacingOccurrences(of: "\n", with: end)
    let error = try #require(presetError(text))
    #expect(error.description.contains(":21:1: a tab"), "\(error)")
  }

  @Test func weightsThatNoMemoryHoldsAreRefused() throws {
    let error = try #require(
      presetError(
        shortestPreset.replacingFirst(
          "{ source: mnist }", "{ source: none, shape: [64, 1024, 1024], classes: 3 }")))
    #expect(error.problem.contains("weights in network.input"))
  }

  @Test func aFileAtFaultIsNotBlamedOnAnOverride() throws {
    let text = validPreset.replacingFirst("batch: 64", "batch: 0")
    #expect(presetError(text, overrides: ["steps.backward=5"])?.file == "x.yaml")
  }
}

extension String {
  func replacingFirst(_ old: String, _ new: String) -> String {
    guard let range = firstRange(of: old) else { return self }
    return replacingCharacters(in: range, with: new)
  }

  private func firstRange(of text: String) -> Range<String.Index>? { ranges(of: text).first }
}
