import SpideData
import SpideEngine
import SpideExperiment

/// A question over the screen: `y` does the deed, `n` leaves everything as it is, `Y` may do it in another run.
struct Question: Sendable {
  /// What it is about.
  var title: String
  /// What is asked.
  var text: String
  /// What `y` does, and what that is called.
  var deed: Deed
  var yes: String
  /// What `n` comes to.
  var no: String
  /// What `Y` is called, which begins another run in place of the deed; nil where that is no answer.
  var fork: String?

  /// What keys and clicks answer.
  enum Answer: Sendable {
    case yes, no, fork
  }

  /// From left to right.
  var answers: [Answer] { fork == nil ? [.yes, .no] : [.yes, .fork, .no] }
}

/// Something that may cost what was trained or what a file holds.
enum Deed: Sendable {
  /// Ends the program, with this exit code.
  case quit(exitCode: Int32)
  /// Forgets a run.
  case close(Int)
  /// Writes over files that are there.
  case overwrite(WriteOrder, files: [String])
  /// Goes on with a training, from the end of what is recorded or from before it.
  case goOn(Model.GoingOn)
}

extension Model {
  /// Does what nothing is lost by; asks first where something is.
  mutating func attempt(_ deed: Deed) -> [Effect] {
    guard let question = question(before: deed) else { return carryOut(deed) }
    note = nil
    overlay = .question(question)
    return []
  }

  /// What a key answers; all others leave the question where it is.
  mutating func answer(_ question: Question, _ key: Key) -> [Effect] {
    KeyTable.answer(key).map { answer(question, $0) } ?? []
  }

  /// Does what was asked about, or not, or begins another run, which nothing is lost by.
  mutating func answer(_ question: Question, _ answer: Question.Answer) -> [Effect] {
    overlay = .none
    switch answer {
    case .fork where question.fork != nil:
      return change(.fork(ForkPlan(name: nil, preset: preset, dynamics: dynamics, keys: [])))
    case .yes, .fork: return carryOut(question.deed)
    case .no: return []
    }
  }

  /// Ctrl-C closes what lies over the screen; where nothing does, it quits as `q` does. While that question stands, a second
  /// one does not wait for the answer.
  mutating func interrupt() -> [Effect] {
    let deed = Deed.quit(exitCode: 130)
    if case .question(let question) = overlay, case .quit = question.deed { return carryOut(deed) }
    if noteBox != nil {
      note = nil
      return []
    }
    guard overlay.isNone else {
      overlay = .none
      return []
    }
    return attempt(deed)
  }

  private mutating func carryOut(_ deed: Deed) -> [Effect] {
    switch deed {
    case .quit(let exitCode): return [.quit(exitCode: exitCode)]
    case .close(let id): return close(id)
    case .overwrite(let order, _): return [.write(order, overwrites: true)]
    case .goOn(let going): return goOn(going)
    }
  }

  /// What is asked before a deed; nil where it costs nothing.
  private func question(before deed: Deed) -> Question? {
    if case .overwrite(_, let files) = deed {
      let areThere = files.joined(separator: " and ") + (files.count == 1 ? " is" : " are")
      return Question(
        title: "Overwrite?", text: "\(areThere) there already.", deed: deed, yes: "overwrite",
        no: files.count == 1 ? "leave it" : "leave them")
    }
    if case .goOn = deed { return leavesRecorded ? questionBeforeLeaving(deed) : nil }
    switch deed {
    case .quit:
      guard let loss = loss(of: runs.list) else { return nil }
      return Question(title: "Quit?", text: loss, deed: deed, yes: "quit", no: "stay")
    case .close(let id):
      guard let run = runs[id], let loss = loss(of: [run]) else { return nil }
      return Question(
        title: "Close \(run.name)?", text: loss, deed: deed, yes: "close it", no: "keep it")
    case .overwrite, .goOn: return nil
    }
  }

  /// What would be lost with some runs, in words; nil for nothing.
  private func loss(of runs: [Run]) -> String? {
    let unsaved = runs.compactMap { run in
      state(of: run)?.training.batchesUnsaved.map { (name: run.name, batches: $0) }
    }
    guard let first = unsaved.first else { return nil }
    if unsaved.count > 1 {
      let parts = unsaved.map { "\($0.name) \(Words.counted($0.batches, "batch"))" }
      return "Not saved: \(parts.joined(separator: ", ")). :run save FOLDER keeps a run."
    }
    guard first.batches > 0 else { return "The training of \(first.name) has begun." }
    return "\(Words.counted(first.batches, "batch")) of the training of \(first.name) "
      + "\(first.batches == 1 ? "is" : "are") not saved. :run save FOLDER keeps the run."
  }

  private func questionBeforeLeaving(_ deed: Deed) -> Question? {
    guard let recorded = training.recorded, let then = training.dynamics else { return nil }
    let first = training.batchesDone + 1
    let what = first == recorded.last ? "update \(first)" : "updates \(first) to \(recorded.last)"
    return Question(
      title: "Forget \(what)?",
      text: "With \(Words.difference(then, dynamics)) the training goes another way "
        + "from update \(training.batchesDone).",
      deed: deed, yes: "forget \(first == recorded.last ? "it" : "them")", no: "stay",
      fork: "in another run")
  }

  /// The question as it is drawn and clicked at.
  func questionBox(_ question: Question) -> QuestionBox {
    QuestionBox(
      title: question.title, text: question.text,
      answers: question.answers.map { answer in
        switch answer {
        case .yes: .init(key: "y", question.yes)
        case .fork: .init(key: "Y", question.fork ?? "")
        case .no: .init(key: "n", question.no)
        }
      })
  }
}
