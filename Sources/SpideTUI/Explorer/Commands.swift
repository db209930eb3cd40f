import SpideEngine
import SpideExperiment

/// What is wrong with a line that was entered.
struct CommandError: Error {
  let text: String

  init(_ text: String) { self.text = text }
}

extension Model {
  /// Carries out a line of the command line.
  mutating func run(_ line: String) throws(CommandError) -> [Effect] {
    let trimmed = Substring(line).trimmingSpaces
    let first = trimmed.prefix { $0 != " " }
    guard !first.isEmpty else { return [] }
    let matches = CommandName.matches(first)
    guard matches.count == 1, let name = matches.first else {
      throw CommandError(
        matches.isEmpty
          ? "no command \(echo(first)); Tab shows them all"
          : "\(first) could be \(matches.map(\.rawValue).joined(separator: ", "))")
    }
    let rest = trimmed.dropFirst(first.count).trimmingSpaces
    let arguments = rest.split(separator: " ")
    switch name {
    case .set:
      guard rest.contains("=") else { throw usage(name) }
      return try set(String(rest))
    case .goto: return try goTo(arguments)
    case .reset: try reset(arguments)
    case .sample: try sample(arguments)
    case .step, .back:
      let steps = try optionalNumber(arguments, name, in: 1...1_000_000) ?? 1
      return step(by: name == .step ? steps : -steps)
    case .speed:
      guard arguments.count == 1 else { throw usage(name) }
      guard let chosen = Speed(String(arguments[0])) else {
        throw CommandError("no speed \(echo(arguments[0])); \(Speed.range)")
      }
      use(chosen)
    case .screen: try screen(arguments)
    case .preset:
      guard !rest.isEmpty else { throw usage(name) }
      return [.open(name: path(rest), overrides: [])]
    case .checkpoint:
      guard !rest.isEmpty else { throw usage(name) }
      return [.load(path: path(rest), preset: preset, samples: data.train.count)]
    case .save:
      guard !rest.isEmpty else { throw usage(name) }
      return [.write(weightsOrder(path: path(rest)), overwrites: false)]
    case .export:
      return export(stem: rest.isEmpty ? nil : path(rest))
    case .data:
      guard rest.isEmpty else { return [.useData(folder: path(rest))] }
      note = Note(text: dataWords, isError: false, mustBeRead: true)
    case .compare:
      switch arguments.first?.lowercased() {
      case "same-threshold": basis = .sameThreshold
      case "same-v": basis = .sameDrop
      default: throw usage(name)
      }
    case .play, .pause:
      try none(arguments, name)
      if isPlaying != (name == .play) { return perform(.playOrPause) }
    case .finish, .restart, .train, .inspect, .help, .zoom, .quit:
      try none(arguments, name)
      let actions: [CommandName: Action] = [
        .finish: .finish, .restart: .restart, .train: .train, .inspect: .inspect, .help: .help,
        .zoom: .zoomPanel, .quit: .quit,
      ]
      return actions[name].map { perform($0) } ?? []
    }
    return []
  }

  /// `F12`, `B30`, `readout`, `update`, `start`; `L1`, `L1 17`, `17`, `L1 2,4,1`.
  mutating func goTo(_ words: [Substring]) throws(CommandError) -> [Effect] {
    guard let first = words.first, words.count <= 2 else { throw usage(.goto) }
    let timeline = session.timeline
    func time(_ moment: Moment, _ step: Int, _ last: Int) throws(CommandError) -> Int {
      guard (1...last).contains(step) else {
        throw CommandError("step \(step) is not there; steps are 1 … \(last)")
      }
      return timeline.position(of: moment)
    }
    let number = Int(first.dropFirst())
    switch (first.first?.uppercased(), number, words.count) {
    case ("F", let step?, 1):
      session.move(to: try time(.forward(step), step, timeline.forwardSteps))
    case ("B", let step?, 1):
      session.move(to: try time(.backward(step), step, timeline.backwardSteps))
    case ("L", let layer?, _):
      guard plan.layers.indices.contains(layer) else {
        throw CommandError("layer \(layer) is not there; layers are 0 … \(plan.layers.count - 1)")
      }
      let index = words.count == 2 ? try self.index(words[1], in: plan.layers[layer]) : nil
      if layer != unit.layer { select(layer: layer) }
      if let index { select(index: index) }
    default:
      switch first {
      case "start": session.move(to: 0)
      case "readout": session.move(to: timeline.position(of: .readout))
      case "update": session.move(to: timeline.end)
      default:
        guard words.count == 1 else { throw usage(.goto) }
        select(index: try index(first, in: plan.layers[unit.layer]))
      }
    }
    return []
  }

  /// `17`, `#17` or `CHANNEL,ROW,COLUMN`, in file order.
  private func index(_ word: Substring, in shape: LayerShape) throws(CommandError) -> Int {
    let parts = word.drop { $0 == "#" }.split(separator: ",").map { Int($0) }
    switch parts.count {
    case 1:
      if let index = parts[0], (0..<shape.count).contains(index) { return index }
    case 3:
      if let channel = parts[0], let row = parts[1], let column = parts[2],
        (0..<shape.channels).contains(channel), (0..<shape.height).contains(row),
        (0..<shape.width).contains(column)
      {
        return (channel * shape.height + row) * shape.width + column
      }
    default: break
    }
    throw CommandError(
      "\(echo(word)) is no neuron; a number 0 … \(shape.count - 1)"
        + (shape.places > 1 ? " or CHANNEL,ROW,COLUMN of \(shape)" : ""))
  }

  private mutating func reset(_ arguments: [Substring]) throws(CommandError) {
    guard let word = arguments.last, arguments.count <= 2 else { throw usage(.reset) }
    let stage = arguments.count == 2 ? String(arguments[0]) : "both"
    guard ["forward", "backward", "both"].contains(stage) else { throw usage(.reset) }
    func mode(_ neuron: NeuronParameters) throws(CommandError) -> ResetMode {
      switch word {
      case "minus-threshold", "-Vth", "−Vth": return .minusThreshold
      case "zero": return .zero
      default:
        guard let value = Float(word), value.isFinite else { throw usage(.reset) }
        guard value < neuron.threshold else {
          throw CommandError(
            "a reset at \(echo(word)) is not below the threshold \(Words.constant(neuron.threshold))"
          )
        }
        return .potential(value)
      }
    }
    var changed = dynamics
    if stage != "backward" { changed.forward.reset = try mode(dynamics.forward) }
    if stage != "forward" { changed.backward.reset = try mode(dynamics.backward) }
    use(changed)
  }

  private mutating func sample(_ arguments: [Substring]) throws(CommandError) {
    guard arguments.count == 1 else { throw usage(.sample) }
    switch arguments[0] {
    case "next": moveSample(1)
    case "previous": moveSample(-1)
    default:
      guard let index = Int(arguments[0]), (0..<source.count).contains(index) else {
        throw CommandError(
          "no sample \(echo(arguments[0])); \(sample.part.rawValue) samples are 0 … \(source.count - 1)"
        )
      }
      show(SampleReference(part: sample.part, index: index))
    }
  }

  private mutating func screen(_ arguments: [Substring]) throws(CommandError) {
    guard arguments.count == 1 else { throw usage(.screen) }
    let word = arguments[0]
    guard
      let index = screens.firstIndex(where: {
        $0.screen.name == word || $0.key.map(String.init) == String(word)
      })
    else {
      throw CommandError(
        "no screen \(echo(word)); there are "
          + screens.map(\.screen.name).joined(separator: ", "))
    }
    screenIndex = index
    focus = 0
    isZoomed = false
  }

  private func usage(_ name: CommandName) -> CommandError { CommandError("usage: \(name.usage)") }

  private func none(_ arguments: [Substring], _ name: CommandName) throws(CommandError) {
    if !arguments.isEmpty { throw usage(name) }
  }

  private func optionalNumber(
    _ arguments: [Substring], _ name: CommandName, in range: ClosedRange<Int>
  ) throws(CommandError) -> Int? {
    guard let word = arguments.first else { return nil }
    guard arguments.count == 1, let number = Int(word), range.contains(number) else {
      throw usage(name)
    }
    return number
  }
}
