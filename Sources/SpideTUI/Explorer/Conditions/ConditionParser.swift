import SpideEngine
import SpideExperiment

/// Reads a condition as it is typed:
///
///     L1 17                   any spike of neuron 17 of layer 1; L1 2,4,1 by channel, row and column
///     B L0 5 -1               one of that sign, in the backward stage; F is the forward stage
///     |u| L0 3 > 0.9*Vth      a potential's size; u its value, rate a firing rate
///     spikes L0 > 20          spikes of a layer at a step
///     silent L0               a stage ends in which the layer did not spike
///     F12, B30, readout       a moment
///     loss < 0.1              of a batch; accuracy too
///     test accuracy > 0.95    of the test after an epoch; test loss too; epoch loss, epoch accuracy: of its training
///     update 500, epoch 3     so many are done
///     apart digits-2 > 2%     the test after an epoch is so far from that of another run after the same epoch
///     cosine links.0.weight < 0.9   of a parameter's gradient with the exact one, over the first test samples
struct ConditionParser {
  /// What a condition can begin with.
  static let beginnings = [
    "|u|", "u", "rate", "spikes", "silent", "F", "B", "readout", "accuracy", "loss", "test",
    "epoch", "update", "cosine", "apart",
  ]

  private let text: Substring
  private let plan: NetworkPlan
  private let timeline: Timeline
  private let runs: [String: StopCondition.OtherRun]
  private let tokens: [ConditionToken]
  private var next = 0

  private init(
    _ text: Substring, _ plan: NetworkPlan, _ timeline: Timeline,
    _ runs: [String: StopCondition.OtherRun]
  ) {
    self.runs = runs
    self.text = text
    self.plan = plan
    self.timeline = timeline
    tokens = ConditionToken.all(in: text)
  }

  /// The condition that a text says.
  ///
  /// - Parameter runs: the other runs, by name.
  static func read(
    _ text: Substring, plan: NetworkPlan, timeline: Timeline,
    runs: [String: StopCondition.OtherRun]
  ) throws(ConditionError) -> StopCondition {
    var parser = ConditionParser(text, plan, timeline, runs)
    let condition = try parser.condition()
    if let rest = parser.current {
      throw parser.wrong("\(echo(rest)) is too much", "nothing after the condition")
    }
    return condition
  }

  // MARK: What stops

  private mutating func condition() throws(ConditionError) -> StopCondition {
    let beginning = "what is to be looked at: " + Self.list(["L0 17"] + Self.beginnings)
    guard let first = current else { throw wrong("nothing is there", beginning) }
    if let moment = try moment(first) {
      next += 1
      return made(.moment(moment), .equal, 1)
    }
    switch first {
    case "loss", "accuracy":
      next += 1
      let (comparison, value) = try comparison(first == "loss" ? .positive : .share)
      return made(first == "loss" ? .batchLoss : .batchAccuracy, comparison, value)
    case "update":
      next += 1
      return try count(.batches, "a number of updates")
    case "test", "epoch":
      next += 1
      return try ofEpoch(isTest: first == "test")
    case "apart":
      next += 1
      let reference = try run()
      let (comparison, value) = try comparison(.share)
      var condition = made(.testAccuracy, comparison, value)
      condition.reference = reference
      return condition
    case "cosine":
      next += 1
      let parameter = try parameter()
      let (comparison, value) = try comparison(.cosine)
      return made(.gradientCosine(parameter), comparison, value)
    default: break
    }
    var stage: Stage?
    if first == "F" || first == "B" {
      next += 1
      stage = first == "F" ? .forward : .backward
    }
    return try ofSample(stage, beginning)
  }

  private mutating func ofSample(
    _ stage: Stage?, _ beginning: String
  ) throws(ConditionError) -> StopCondition {
    let expected =
      stage == nil ? beginning : "L0 17, " + Self.list(Array(Self.beginnings.prefix(5)))
    guard let word = current else { throw wrong("something is missing", expected) }
    switch word {
    case "|u|", "u", "rate":
      next += 1
      let unit = try neuron()
      // With a leak rates are weighted, and an error's rate has a sign.
      let (comparison, value) = try comparison(word == "rate" ? .rate : .potential)
      let quantity: Quantity =
        word == "u"
        ? .potential(unit, stage)
        : word == "rate" ? .rate(unit, stage) : .potentialSize(unit, stage)
      return made(quantity, comparison, value)
    case "spikes":
      next += 1
      let layer = try layer()
      let (comparison, value) = try comparison(.spikes(of: plan.layers[layer].count))
      return made(.layerSpikes(layer, stage), comparison, value)
    case "silent":
      next += 1
      var condition = made(.layerSpikesSoFar(try layer(), stage), .equal, 0)
      condition.isOfWholeStage = true
      return condition
    case _ where word.hasPrefix("L"):
      let unit = try neuron()
      return try spike(of: unit, stage)
    default: throw wrong("\(echo(word)) is nothing to look at", expected)
    }
  }

  private mutating func spike(
    of unit: UnitID, _ stage: Stage?
  ) throws(ConditionError) -> StopCondition {
    guard let word = current else { return made(.spike(unit, stage), .notEqual, 0) }
    switch word {
    case "1", "+1", "+":
      next += 1
      return made(.spike(unit, stage), .equal, 1)
    case "-1", "−1", "-":
      if stage == .forward {
        throw wrong("forward spikes have no sign", "the end, or B before the layer")
      }
      next += 1
      return made(.spike(unit, stage), .equal, StopValue(-1))
    default: throw wrong("\(echo(word)) is no sign of a spike", "1, -1 or the end")
    }
  }

  private mutating func ofEpoch(isTest: Bool) throws(ConditionError) -> StopCondition {
    switch current {
    case "loss":
      next += 1
      let (comparison, value) = try comparison(.positive)
      return made(isTest ? .testLoss : .trainLoss, comparison, value)
    case "accuracy":
      next += 1
      let (comparison, value) = try comparison(.share)
      return made(isTest ? .testAccuracy : .trainAccuracy, comparison, value)
    case let word:
      if !isTest { return try count(.epochs, "a number of epochs, loss or accuracy") }
      let problem = word.map { "\(echo($0)) is nothing of a test" } ?? "something is missing"
      throw wrong(problem, "loss or accuracy")
    }
  }

  /// `500`, or `> 500`.
  private mutating func count(
    _ quantity: Quantity, _ expected: String
  ) throws(ConditionError) -> StopCondition {
    if let word = current, !ConditionToken.signs.contains(String(word)) {
      guard let number = Int(word), number > 0 else {
        throw wrong("\(echo(word)) is none", expected)
      }
      next += 1
      return made(quantity, .equal, StopValue(Double(number)))
    }
    guard current != nil else { throw wrong("something is missing", expected) }
    let (comparison, value) = try comparison(.positive)
    return made(quantity, comparison, value)
  }

  /// What another run has come to.
  private mutating func run() throws(ConditionError) -> StopCondition.OtherRun {
    let names = runs.keys.sorted()
    let expected = names.isEmpty ? "another run, which :fork begins" : Self.list(names)
    guard let word = current else { throw wrong("something is missing", expected) }
    guard let other = runs[String(word)] else {
      throw wrong("\(echo(word)) is no other run", expected)
    }
    guard !other.tests.isEmpty else {
      throw wrong("\(echo(word)) has had no test yet", "a run that has ended an epoch")
    }
    next += 1
    return other
  }

  private mutating func parameter() throws(ConditionError) -> String {
    let names = plan.parameters.map(\.name)
    let expected = Self.list(names)
    guard let word = current else { throw wrong("something is missing", expected) }
    guard names.contains(String(word)) else {
      throw wrong("\(echo(word)) is no parameter", expected)
    }
    next += 1
    return String(word)
  }

  private func moment(_ word: Substring) throws(ConditionError) -> Moment? {
    if word == "readout" { return .readout }
    guard let step = Int(word.dropFirst()), word.hasPrefix("F") || word.hasPrefix("B") else {
      return nil
    }
    let isForward = word.hasPrefix("F")
    let last = isForward ? timeline.forwardSteps : timeline.backwardSteps
    guard (1...last).contains(step) else {
      throw wrong("step \(step) is not there", "a step from 1 to \(last)")
    }
    return isForward ? .forward(step) : .backward(step)
  }

  // MARK: Layers, neurons, values

  private mutating func layer() throws(ConditionError) -> Int {
    let expected = "a layer, L0 … L\(plan.layers.count - 1)"
    guard let word = current else { throw wrong("something is missing", expected) }
    guard word.hasPrefix("L"), let layer = Int(word.dropFirst()) else {
      throw wrong("\(echo(word)) is no layer", expected)
    }
    guard plan.layers.indices.contains(layer) else {
      throw wrong("layer \(layer) is not there", expected)
    }
    next += 1
    return layer
  }

  private mutating func neuron() throws(ConditionError) -> UnitID {
    let layer = try layer()
    let shape = plan.layers[layer]
    guard let word = current else { throw wrong("something is missing", shape.expectedIndex) }
    guard let index = shape.index(typed: word) else {
      throw wrong("\(echo(word)) is no neuron of L\(layer)", shape.expectedIndex)
    }
    next += 1
    return UnitID(layer: layer, unit: shape.channelsLastIndex(index))
  }

  private mutating func comparison(
    _ range: ValueRange
  ) throws(ConditionError) -> (Comparison, StopValue) {
    let expected = "< <= == != >= or >"
    guard let word = current else { throw wrong("something is missing", expected) }
    let comparison: Comparison
    switch word {
    case "=", "==": comparison = .equal
    case "≤", "<=": comparison = .atMost
    case "≥", ">=": comparison = .atLeast
    case "≠", "!=": comparison = .notEqual
    case "<": comparison = .less
    case ">": comparison = .greater
    default: throw wrong("\(echo(word)) compares nothing", expected)
    }
    next += 1
    let before = self
    let value = try value(allowsConstants: range.allowsConstants)
    guard !value.constants.isEmpty || range.allows(comparison, value.factor) else {
      throw before.wrong(
        "\(word) \(before.current ?? "") never holds", "\(range.words) that it can pass")
    }
    return (comparison, value)
  }

  /// Factors with `*` between them.
  private mutating func value(allowsConstants: Bool) throws(ConditionError) -> StopValue {
    var value = StopValue(1)
    let constants = StopConstant.allCases.map(\.rawValue)
    let expected = allowsConstants ? "a number, " + Self.list(constants) : "a number"
    while true {
      guard var word = current else { throw wrong("something is missing", expected) }
      if word.hasPrefix("-") || word.hasPrefix("−") {
        value.factor = -value.factor
        word = word.dropFirst()
      }
      if allowsConstants, let constant = StopConstant(rawValue: String(word)) {
        value.constants.append(constant)
      } else if let number = Self.number(word) {
        value.factor *= number
      } else if allowsConstants, let split = Self.factor(of: word) {
        throw wrong("\(echo(word)) is no value", "\(split)")
      } else {
        throw wrong("\(echo(word)) is no value", expected)
      }
      next += 1
      guard current == "*" else { return value }
      next += 1
    }
  }

  /// `0.9*Vth` for `0.9Vth`; nil for what is no number before a constant.
  private static func factor(of word: Substring) -> String? {
    StopConstant.allCases.map(\.rawValue).sorted { $0.count > $1.count }
      .first { word.hasSuffix($0) && number(word.dropLast($0.count)) != nil }
      .map { "\(word.dropLast($0.count))*\($0)" }
  }

  /// `0.95`, `95%`, `1e-3`.
  private static func number(_ word: Substring) -> Double? {
    let isPercent = word.hasSuffix("%")
    return NumberText.read(isPercent ? word.dropLast() : word).map { isPercent ? $0 / 100 : $0 }
  }

  // MARK: Parts

  private var current: Substring? {
    tokens.indices.contains(next) ? tokens[next].text : nil
  }

  private func made(
    _ quantity: Quantity, _ comparison: Comparison, _ value: StopValue
  ) -> StopCondition {
    let words = text.split(separator: " ").joined(separator: " ")
    return StopCondition(
      text: words, quantity: quantity, comparison: comparison, value: value)
  }

  /// The error of the part that comes next, or of the end.
  private func wrong(_ problem: String, _ expected: String) -> ConditionError {
    ConditionError(
      place: current?.startIndex ?? text.endIndex, problem: problem, expected: expected)
  }

  private static func list(_ words: [String]) -> String {
    guard words.count > 1 else { return words.joined() }
    return words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
  }
}

/// What a quantity can be: a condition that no number of these meets would wait for ever.
private struct ValueRange {
  var least = -Double.infinity
  var most = Double.infinity
  var allowsConstants = false
  /// What is expected.
  let words: String

  static let share = ValueRange(least: 0, most: 1, words: "a share from 0 to 1, or in %,")
  static let cosine = ValueRange(least: -1, most: 1, words: "a number from -1 to 1")
  static let rate = ValueRange(words: "a number")
  static let positive = ValueRange(least: 0, words: "a number from 0 on")
  static let potential = ValueRange(allowsConstants: true, words: "a number")

  static func spikes(of neurons: Int) -> ValueRange {
    ValueRange(least: 0, most: Double(neurons), words: "a number from 0 to \(neurons)")
  }

  func allows(_ comparison: Comparison, _ value: Double) -> Bool {
    switch comparison {
    case .less: value > least
    case .atMost: value >= least
    case .greater: value < most
    case .atLeast: value <= most
    case .equal: (least...most).contains(value)
    case .notEqual: true
    }
  }
}
