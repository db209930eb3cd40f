import SpideEngine
import SpideExperiment

extension Command {
  /// The reset of one stage or of both.
  static let reset = Command(
    "reset", "[forward|backward] minus-threshold|zero|NUMBER",
    .words { _, place in
      ["minus-threshold", "zero"] + (place == 1 ? ["forward", "backward"] : [])
    }
  ) { model, arguments throws(CommandError) in
    let words = arguments.words
    guard let word = words.last, words.count <= 2 else { throw arguments.misuse }
    let stage = words.count == 2 ? String(words[0]) : "both"
    guard ["forward", "backward", "both"].contains(stage) else { throw arguments.misuse }
    func mode(_ neuron: NeuronParameters) throws(CommandError) -> ResetMode {
      switch word {
      case "minus-threshold", "-Vth", "−Vth": return .minusThreshold
      case "zero": return .zero
      default:
        guard let value = Float(word), value.isFinite else { throw arguments.misuse }
        guard value < neuron.threshold else {
          throw CommandError(
            "a reset at \(echo(word)) is not below the threshold \(Words.constant(neuron.threshold))"
          )
        }
        return .potential(value)
      }
    }
    var changed = model.dynamics
    if stage != "backward" { changed.forward.reset = try mode(changed.forward) }
    if stage != "forward" { changed.backward.reset = try mode(changed.backward) }
    model.use(changed)
    return []
  }

  /// What the reset modes that are compared have in common.
  static let compare = Command(
    "compare", "same-threshold|same-V", .words { _, _ in ["same-threshold", "same-V"] }
  ) { model, arguments throws(CommandError) in
    switch try arguments.onlyWord().lowercased() {
    case "same-threshold": model.basis = .sameThreshold
    case "same-v": model.basis = .sameResetAmount
    default: throw arguments.misuse
    }
    return []
  }
}
