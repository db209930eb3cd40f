import SpideEngine
import SpideExperiment

extension Command {
  /// Whose ledger is shown.
  static let ledger = Command(
    "ledger", LedgerSubject.allCases.map(\.rawValue).joined(separator: "|"),
    .words { _, place in place == 1 ? LedgerSubject.allCases.map(\.rawValue) : [] }
  ) { model, arguments throws(CommandError) in
    guard let subject = LedgerSubject(rawValue: String(try arguments.onlyWord())) else {
      throw arguments.misuse
    }
    model.ledgerSubject = subject
    return []
  }

  /// What an operation takes, in picojoules.
  static let energy = Command(
    "energy", "accumulate|multiply PICOJOULES, or default",
    .words { _, place in place == 1 ? ["accumulate", "multiply", "default"] : [] }
  ) { model, arguments throws(CommandError) in
    let words = arguments.words
    if words == ["default"] {
      model.energyConstants = EnergyConstants()
    } else {
      guard words.count == 2, let value = Double(words[1]), value.isFinite else {
        throw arguments.misuse
      }
      guard EnergyConstants.range.contains(value) else {
        throw CommandError("\(echo(words[1])) pJ is not from 0 to 1e6")
      }
      switch words[0] {
      case "accumulate": model.energyConstants.accumulate = value
      case "multiply": model.energyConstants.multiplyAccumulate = value
      default: throw arguments.misuse
      }
    }
    model.note = Note(text: Words.energy(model.energyConstants))
    return []
  }
}

extension Words {
  /// `0.9 pJ an accumulate, 4.6 pJ a multiply-accumulate`.
  static func energy(_ constants: EnergyConstants) -> String {
    let (sum, product) = (Float(constants.accumulate), Float(constants.multiplyAccumulate))
    return "\(NumberText.constant(sum)) pJ an accumulate, "
      + "\(NumberText.constant(product)) pJ a multiply-accumulate"
  }

  /// An energy in µJ with its unit, which is larger where the number would be long: `0.0123 µJ`, `12.3 mJ`.
  static func microjoules(_ value: Double) -> String {
    var (value, units) = (value, ["µJ", "mJ", "J"][...])
    while value >= 999.5, units.count > 1 {
      value /= 1000
      units.removeFirst()
    }
    return NumberText.short(value) + " " + units[units.startIndex]
  }
}
