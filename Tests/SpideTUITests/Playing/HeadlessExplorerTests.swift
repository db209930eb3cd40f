import Dispatch
import SpideConfiguration
import SpideTUI
import Testing

@Suite struct HeadlessExplorerTests {
  static func play(
    _ text: String, threads: Int = 1, width: Int = 120, height: Int = 36,
    glyphs: Glyphs = .braille
  ) throws -> HeadlessExplorer {
    let preset = try Driver.preset("digits")
    var explorer = HeadlessExplorer(
      Model(
        Model.Setup(preset: preset, data: try Driver.data(preset), seed: 1),
        screens: Driver.screens, width: width, height: height, glyphs: glyphs), threads: threads)
    explorer.begin()
    try explorer.play(PlayedSession(text, file: "f"))
    return explorer
  }

  private func text(_ explorer: HeadlessExplorer) -> String { explorer.model.view().canvas.text }

  @Test func timePassesWhileItPlays() throws {
    // 20 steps a second.
    #expect(try Self.play("wait 5").model.session.position == 0)
    #expect(try Self.play("space\nwait 0.5").model.session.position == 10)
    #expect(try Self.play(":speed 1000\nspace\nwait 0.1").model.session.position == 100)
    // A beat of 1/7 second is no whole number of nanoseconds.
    #expect(try Self.play(":speed 7\nspace\nwait 1").model.session.position == 7)
    #expect(try Self.play(":speed 0.3\nspace\nwait 10").model.session.position == 3)
    let end = try Self.play("space\nwait 60").model
    #expect(end.session.position == end.session.end && end.tickInterval == nil)
  }

  /// 10,000 samples a second, in batches of 64; an epoch is 23 of them.
  @Test(
    arguments: [
      (":train 3", "3 batches done", "batches        3"),
      (":train\nwait 3 batches\nt", "paused", "batches        3"),
      ("t\nwait 0.1\nt", "paused", "batches        15"),
      ("t\nwait 0.003\nwait 0.004\nt", "paused", "batches        1"),
      ("t\nt", "paused", "batches"), (":train 30", "30 batches done", "batches        30"),
      ("t\nwait 1000 batches", "15 epochs done", "batches        345"),
      (":train 2\nt\nwait 2 batches\nr\nwait 2 batches\ni", "paused", "batches        6"),
      ("t\nwait 4 batches", "training", "batches        4"),
    ] as [(String, String, String)])
  func aTrainingIsTrained(_ session: String, _ note: String, _ batches: String) throws {
    let shown = text(try Self.play("4\n" + session))
    #expect(shown.contains(note) && shown.contains(batches), "\(shown)")
  }

  @Test(
    arguments: [
      ("s\n:nonsense\ns", "f:2:1: no command nonsense"), (":sample 9999", "f:1:1: no sample 9999"),
      (":preset nowhere", "f:1:1: "), ("#\nwait 3 batches", "f:2:1: no training runs"),
      ("t\n:train 3", "f:2:1: a training runs already"), (":train 0", "f:1:1: usage: train"),
      ("s\n:train 0", "f:2:1: usage: train [BATCHES]: 0 is none; expected 1 to 1000000000"),
      // The letters of a command are no answers to a question.
      (":train 3\n:fork a\n:run close digits\n:play", "f:4:1: the question "),
      (":train 3\nq\n:step 1", "f:3:1: the question "), ("?\np\n:nonsense", "f:3:1: "),
    ])
  func aFailedCommandEndsIt(_ session: String, _ line: String) throws {
    let error = #expect(throws: ConfigurationError.self) { try Self.play(session) }
    #expect(error?.description.hasPrefix(line) == true, "\(error?.description ?? "")")
    if let error {
      #expect(error.description.split(separator: "; expected ").count == 2)
    }
  }

  /// Typed as keys a wrong command is a picture of an error.
  @Test func keysMayBeWrong() throws {
    #expect(text(try Self.play("colon x y Enter")).contains("no command xy"))
  }

  @Test func quittingEndsIt() throws {
    let explorer = try Self.play("s s\n:quit\ns s s")
    #expect(explorer.exitCode == 0 && explorer.model.session.position == 2)
    #expect(try Self.play("Ctrl-C").exitCode == 130)
  }

  @Test func anotherPresetIsOpened() throws {
    #expect(text(try Self.play(":train 2\n:preset digits-lif")).contains("digits-lif"))
  }

  @Test func theSameOnAnyNumberOfThreads() throws {
    let session = "t\nwait 50 batches\nr\nwait 0.2\nt\n2"
    let one = text(try Self.play(session))
    #expect(try one == text(Self.play(session)))
    #expect(try one == text(Self.play(session, threads: 3)))
  }

  // MARK: The log

  /// What has been done in an explorer is done again by its log.
  @Test(arguments: 0..<12) func aLogLeadsToTheSame(_ seed: UInt64) throws {
    var random = Draw(seed)
    let lines = [
      "s", "S", "n", "N", "f", "F", "r", "R", "+", "-", "v", "> >", "<", "1", "2", "3", "4", "5",
      "Tab",
      "Shift-Tab", "z", "w", "W", "Up", "Down", "PgDn", "b", "?", "Esc", "space\nwait 0.3",
      "wait 1",
      "[", "]", ":sample 5", ":reset zero", "/ L 1 Enter", "colon s a m Tab Esc", "click 40 9",
      "click 90 36", "drag 30 36", "wheel up 40 9", "wheel down 5 9", "size 100x30",
      "colon x Enter Esc", "paste abc", ":train 2", "t\ny\nwait 0.02\nt",
      "t\ny\nwait 0.015\n2\nt", "i", ":speed 7",
      ":twin reset=zero", ";", ". .", ",",
    ]
    // A question or a prompt would have the rest mean something else.
    let session = (0..<40).map { _ in random.one(of: lines) }.joined(separator: "\nEsc\n")
    let played = try Self.play(session)
    let log = played.model.log.text
    let again = try Self.play(log)
    #expect(text(again) == text(played), "seed \(seed)\n\(session)\n---\n\(log)")
    #expect(again.model.log.text == log)
  }

  @Test func theLogIsReadable() throws {
    let log = try Self.play(
      "s s n\n:sample 42\nspace\nwait 0.25\nspace\nt\nwait 2 batches\nr\nwait 3 batches\nt\n:train 4"
    ).model.log.text
    #expect(
      log == """
        # spide-tui --preset digits --seed 1
        s s n
        :sample 42
        space
        wait 0.25
        space t
        wait 2 batches
        r
        wait 3 batches
        t
        :train 4

        """)
  }

  /// Waiting for files that was given up leaves nothing behind; a bounded training that was paused is one without bound.
  @Test func whatWasGivenUpIsNotDoneAgain() throws {
    var driver = try Driver()
    driver.type(":preset digits-lif<enter><esc>s")
    let log = driver.model.log.text
    #expect(log.hasSuffix("\ncolon p r e s e t space d i g i t s - l\ni f Esc s\n"), "\(log)")
    driver.trainsBatches = false
    driver.type("4:train 100<enter>")
    guard case .training(.batches(100, let start))? = driver.lastEffect else {
      Issue.record("\(driver.effects)")
      return
    }
    driver.train(start, batches: 5, goesOn: true)
    driver.type("t")
    driver.train(start, batches: 1)
    let text = driver.model.log.text
    #expect(text.hasSuffix("1 0 0 Esc\nt\nwait 6 batches\nt\n"), "\(text)")
    #expect(try Self.play(text).model.view().canvas.text.contains("batches        6"))
  }

  /// A change has effect at a batch that is told of later than the key was pressed.
  @Test(arguments: ["t", ":train 100<enter>"]) func aChangeStandsWhereItHadEffect(
    _ beginning: String
  ) throws {
    var driver = try Driver()
    driver.trainsBatches = false
    driver.type("4" + beginning)
    let start: TrainingStart
    switch driver.lastEffect {
    case .training(.run(let order))?, .training(.batches(_, let order))?: start = order
    default: throw Failure("no training: \(driver.effects)")
    }
    driver.train(start, batches: 3, goesOn: true)
    // Two more batches before the training takes the change, and five after it.
    driver.type("r")
    guard case .training(.use(let changed))? = driver.lastEffect else {
      throw Failure("no change: \(driver.effects)")
    }
    driver.train(start, batches: 2, goesOn: true)
    driver.type("z")
    driver.train(changed, batches: 4, goesOn: true)
    driver.type("t")
    driver.train(changed, batches: 1)
    let text = driver.model.log.text
    #expect(text.hasSuffix("t\nwait 5 batches\nr z\nwait 5 batches\nt\n"), "\(text)")
    #expect(try Self.play(text).model.parameters == driver.model.parameters)
  }

  /// What was changed amid a training on another thread, at full speed, is done again to the same weights.
  @Test(arguments: [nil, 60]) func aLiveTrainingIsDoneAgain(_ batches: Int?) throws {
    let reported = DispatchSemaphore(value: 0)
    let inbox = Inbox { reported.signal() }
    let thread = TrainingThread(threads: 2) { inbox.put(.training($0)) }
    var driver = try Driver()
    driver.trainsBatches = false
    /// Gives the thread its orders and takes in what it tells, until a condition holds.
    func run(until isSo: (TrainingReport) -> Bool) throws {
      while true {
        for case .training(let order) in driver.takeEffects() { thread.take(order) }
        guard reported.wait(timeout: .now() + 60) == .success else { throw Failure("no report") }
        for message in inbox.take() {
          driver.send(message)
          if case .training(let report) = message, isSo(report) { return }
        }
      }
    }
    func batchesDone(_ report: TrainingReport) -> Int { report.curves.batch?.batch ?? 0 }
    driver.type(batches.map { ":train \($0)<enter>" } ?? "t")
    for (key, place) in zip(["r", "+", "R"], [4, 12, 20]) {
      try run { batchesDone($0) >= place }
      driver.type(key)
    }
    if batches == nil {
      try run { batchesDone($0) >= 40 }
      driver.type("t")
    }
    try run { !$0.isRunning }
    let text = driver.model.log.text
    #expect(text.count { $0 == "r" || $0 == "R" || $0 == "+" } >= 3)
    #expect(try Self.play(text).model.parameters == driver.model.parameters, "\(text)")
  }

  /// A training that begins with `t`, as its thread would carry it out.
  private func training(_ driver: inout Driver) throws -> TrainingStart {
    driver.type("4t")
    guard case .training(.run(let start))? = driver.lastEffect else {
      throw Failure("no training: \(driver.effects)")
    }
    return start
  }

  /// Time in which a sample plays while a training runs is not counted twice.
  @Test func playingAmidATraining() throws {
    var driver = try Driver()
    let start = try training(&driver)
    driver.train(start, batches: 3, goesOn: true)
    driver.type("F ")
    for _ in 0..<5 { driver.send(.tick) }
    driver.train(start, batches: 2, goesOn: true)
    driver.type(" t")
    driver.train(start, batches: 1)
    let text = driver.model.log.text
    #expect(text.hasSuffix("wait 5 beats\nwait 2 batches\nspace\nwait 1 batch\nt\n"), "\(text)")
    let again = try Self.play(text).model
    #expect(again.parameters == driver.model.parameters)
    #expect(again.log.text == text)
  }

  /// `t` twice before a batch is over goes on, live and when it is done again.
  @Test func aPauseIsTakenBack() throws {
    var driver = try Driver()
    let start = try training(&driver)
    driver.train(start, batches: 3, goesOn: true)
    driver.type("tt")
    #expect(driver.text.contains("training ") && !driver.text.contains("training stops"))
    driver.train(start, batches: 4, goesOn: true)
    driver.type("t")
    driver.train(start, batches: 1)
    let text = driver.model.log.text
    #expect(text.hasSuffix("t\nwait 3 batches\nt t\nwait 5 batches\nt\n"), "\(text)")
    #expect(try Self.play(text).model.parameters == driver.model.parameters)
  }

  /// Keys that a question does not take are none of what was done; its answer is.
  @Test func keysThatAQuestionSwallows() throws {
    var driver = try Driver()
    let start = try training(&driver)
    driver.train(start, batches: 2, goesOn: true)
    driver.type("t")
    driver.train(start, batches: 1)
    driver.type("q")
    #expect(driver.text.contains("not saved"))
    driver.type("<space>zen")
    #expect(!driver.text.contains("not saved"))
    let text = driver.model.log.text
    #expect(text.hasSuffix("q n\n"), "\(text)")
    #expect(try Self.play(text).model.view().canvas.text == driver.text)
  }

  /// Made-up time goes by at the pace of a training too.
  @Test func trainsAtAPace() throws {
    let played = try Self.play("4\n:pace 4\nt\nwait 3")
    #expect(text(played).contains("batches        12") && text(played).contains("4 batches/s"))
  }

  @Test func logWritesIt() throws {
    var driver = try Driver()
    driver.type("ss:log x.play<enter>")
    guard case .write(.log(let text, "x.play"), overwrites: false)? = driver.lastEffect else {
      Issue.record("\(driver.effects)")
      return
    }
    #expect(text == "# spide-tui --preset digits --seed 1\ns s\n")
  }
}
