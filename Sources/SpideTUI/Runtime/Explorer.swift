import Dispatch
import Foundation
import SpideConfiguration
import SpideData
import SpideEngine
import Synchronization

/// The explorer on a terminal: feeds the model with what happens, draws it, and carries out its effects.
public enum Explorer {
  /// Runs until the person quits.
  ///
  /// - Returns: the exit code: 0, or 130 after Ctrl-C.
  /// - Throws: ``TerminalError`` where the terminal cannot be used.
  public static func run(_ options: Options) throws(TerminalError) -> Int32 {
    let fitting = TerminalAbilities.current().glyphs
    // Who names cells beyond ASCII gets them in any locale, as far as the system can show them.
    let isAsked = options.glyphs.map { !$0.isASCII } ?? false
    let loop = try TerminalLoop(
      TerminalOptions(
        usesMouse: options.usesMouse, usesColor: options.usesColor,
        usesUnicode: isAsked ? true : nil))
    let (glyphs, note) = Explorer.cells(
      asked: options.glyphs, fitting: fitting, isUnicode: loop.screen.isUnicode)
    var model = Model(options, glyphs: glyphs, notes: [note].compactMap { $0 })

    let waker = Waker()
    let inbox = Inbox { waker.wake() }
    let training = TrainingThread(threads: options.threads, budget: options.recordingBudget) {
      inbox.put(.training($0))
    }
    let simulation = SimulationThread { inbox.put(.simulated($0)) }
    let comparing = BackgroundWork(label: "comparisons")
    let searching = BackgroundWork(label: "search")
    let evaluating = BackgroundWork(label: "evaluation")
    let inspecting = BackgroundWork(label: "inspection")
    let accounting = BackgroundWork(label: "updates")
    let following = FolderWatch { inbox.put(.runNews($0)) }
    let looking = DispatchQueue(label: "looking", qos: .userInitiated)
    let filing = DispatchQueue(label: "files", qos: .userInitiated)
    var outside = Outside(dataDirectory: options.dataDirectory, threads: options.threads)
    var beat = Beat()
    var play = options.session.map { LivePlay($0) }
    /// When the next tick of play is due, and when the played session is looked at next.
    var (nextBeat, nextTurn): (ContinuousClock.Instant?, ContinuousClock.Instant?)
    let clock = ContinuousClock()
    /// Processor time of this thread when it began to take in messages of other threads; nil where it has not.
    var reading: Duration?
    var exitCode: Int32 = 0

    func send(_ message: Message) -> LoopControl {
      if case .dataFolder(.success(let folder)) = message { outside.dataDirectory = folder }
      var control = message.isWaitedFor ? LoopControl.answer : .redraw
      for effect in model.update(message) {
        switch effect {
        case .quit(let code):
          exitCode = code
          return .stop
        case .training(let order): training.take(order)
        case .simulate(let order):
          simulation.take(order)
          if control == .answer { control = .answerSoon }
        case .compare(let order):
          comparing.begin { inbox.put(.compared(order.timed(while: $0))) }
        case .stopComparing: comparing.stop()
        case .search(let order):
          searching.begin { inbox.put(.found(order.carryOut(while: $0))) }
          if control == .answer { control = .answerSoon }
        case .stopSearching: searching.stop()
        case .evaluate(let order):
          evaluating.beginAnew { [threads = options.threads] isWanted in
            guard isWanted() else { return }
            order.carryOut(threads: threads, while: isWanted).map { inbox.put(.evaluated($0)) }
          }
        case .stopEvaluating: evaluating.stop()
        case .inspect(let order):
          inspecting.beginAnew { [threads = options.threads] isWanted in
            order.carryOut(threads: threads, while: isWanted) { inbox.put(.inspection($0)) }
          }
        case .stopInspecting: inspecting.stop()
        case .account(let order):
          accounting.beginAnew { [threads = options.threads] isWanted in
            order.carryOut(threads: threads, while: isWanted) { inbox.put(.accounted($0)) }
              .map { inbox.put(.accounted($0)) }
          }
        case .stopAccounting: accounting.stop()
        case .follow(let orders): following.follow(orders)
        case .listPresets, .useData: carryOut(effect, on: looking)
        // A thread of its own: a folder of a server that does not answer must keep nothing else waiting.
        case .listFolder: carryOut(effect, on: .global())
        case .open, .openText, .openRun, .load, .readSweep, .write:
          carryOut(effect, on: filing)
          if control == .answer { control = .answerSoon }
        }
      }
      schedule()
      return control
    }
    func schedule() {
      nextBeat = beat.next(interval: model.tickInterval, now: clock.now)
      // The played session is looked at again after everything that has happened.
      if play != nil { nextTurn = clock.now }
      loop.nextDeadline = [nextBeat, nextTurn].compactMap { $0 }.min()
    }
    /// The next key of what is played, if it is time for one.
    func playOn() -> LoopControl {
      guard var current = play else { return .wait }
      let turn = current.turn(model, now: clock.now)
      play = current
      switch turn {
      case .message(let message): return send(message)
      case .wait(let end):
        nextTurn = end
        loop.nextDeadline = [nextBeat, nextTurn].compactMap { $0 }.min()
        return .wait
      case .over:
        play = nil
        nextTurn = nil
        return send(.played(current.lastWords))
      case .failed(let words):
        play = nil
        nextTurn = nil
        return words.map { send(.played($0)) } ?? .wait
      }
    }
    /// Ends the played session where a person has done something, which does nothing else then. Tells whether it did.
    func endPlay(by event: LoopEvent) -> Bool {
      switch event {
      case .input(.key), .input(.mouse), .input(.paste), .signal(.interrupt): break
      case .input(.resized), .wake, .tick, .signal: return false
      }
      guard let current = play else { return false }
      play = nil
      nextTurn = nil
      _ = send(.played(current.wordsWhenEnded))
      return true
    }
    func carryOut(_ effect: Effect, on queue: DispatchQueue) {
      let (current, seed) = (outside, model.seed)
      queue.async { if let answer = current.carryOut(effect, seed: seed) { inbox.put(answer) } }
    }
    carryOut(.listPresets(files: model.presetFiles), on: looking)

    let end = loop.run(
      frame: { width, height in
        // The size is the terminal's at this moment; the message about it may still be on its way.
        if (width, height) != (model.width, model.height) {
          _ = send(.input(.resized(width: width, height: height)))
        }
        return model.view()
      },
      handle: { event in
        // The messages that were taken in before have been drawn by now, and what that took is known.
        if let began = reading { training.readerTook(ProcessorTime.ofThread - began) }
        reading = nil
        if endPlay(by: event) { return .answer }
        switch event {
        case .input(.key(.control("c"))), .signal(.interrupt):
          return send(.interrupt)
        case .input(let input): return send(.input(input))
        case .tick:
          let now = clock.now
          if let turn = nextTurn, now >= turn { return playOn() }
          if let due = nextBeat, now >= due {
            beat.strike()
            return send(.tick)
          }
          schedule()
          return .wait
        case .wake:
          var control = LoopControl.wait
          reading = ProcessorTime.ofThread
          // Keys that were kept for a message may end the explorer.
          for message in inbox.take() where control != .stop {
            let next = send(message)
            if control != .answer || next == .stop { control = next }
          }
          return control
        case .signal: return .stop
        }
      })
    return end == .terminalGone ? 129 : exitCode
  }

  /// The cells to draw with, and a line about it where they are not those asked for.
  package static func cells(
    asked: Glyphs?, fitting: Glyphs, isUnicode: Bool
  ) -> (glyphs: Glyphs, note: String?) {
    let glyphs = isUnicode ? asked ?? fitting : .ascii
    guard let asked, asked != glyphs else { return (glyphs, nil) }
    let reason = "the locale is not UTF-8 and there is no C.UTF-8"
    return (glyphs, "--cells \(asked.rawValue): \(reason); ASCII instead")
  }
}

extension ComparisonOrder {
  /// The answer with the time that it took.
  fileprivate func timed(while isWanted: () -> Bool) -> ComparisonAnswer {
    let clock = ContinuousClock()
    let began = clock.now
    var answer = carryOut(while: isWanted)
    answer.seconds = (clock.now - began) / .seconds(1)
    return answer
  }
}

extension Message {
  /// Whether a person waits for what it changes on screen.
  fileprivate var isWaitedFor: Bool {
    switch self {
    case .training, .presets, .folder, .compared, .evaluated, .inspection, .accounted, .runNews:
      return false
    case .input, .tick, .interrupt, .simulated, .found, .opened, .dataFolder, .loaded, .wrote,
      .occupied, .sweep, .played:
      return true
    }
  }
}
