/// On the way to another update: a training that runs is paused first, then the training thread goes there.
///
/// What is typed ahead is meant for what is there: it waits, in order. A key to yet another update takes this one's place,
/// and Esc gives it up.
struct Travel: Sendable {
  /// Where it leads.
  enum Aim: Sendable {
    /// The update after so many batches.
    case to(Int)
    /// So many updates on, or back.
    case by(Int)

    /// Going there, and on from there.
    func then(_ next: Aim) -> Aim {
      switch (self, next) {
      case (_, .to): next
      case (.to(let update), .by(let updates)): .to(update + updates)
      case (.by(let before), .by(let updates)): .by(before + updates)
      }
    }

    /// The update, seen from another one.
    func update(from place: Int) -> Int {
      switch self {
      case .to(let update): update
      case .by(let updates): place + updates
      }
    }
  }

  var aim: Aim
  /// Whether the cursor is put to the end of the sample there; else it stays where it is.
  var endsAtUpdate = false
  /// The sample that is shown there; nil for the first of the batch.
  var visit: SampleVisit?
  /// The number of its journey and where that leads; nil while training is being paused.
  var journey: Journey?
  /// Whether it paused a training that ran.
  var hasPaused = false
  /// Whether it is to be given up, which is still to be heard of.
  var isGivenUp = false
}
