import Dispatch
import Foundation
import SpideConfiguration
import SpideData
import SpideEngine
import Synchronization

/// The explorer on a terminal: feeds the model with what happens, draws it, and carries out its effects.
public enum Explorer {
  /// What the command line decides.
  public struct Options: Sendable {
    /// The experiment to open.
    public var setup: Model.Setup
    /// The screens that keys lead to.
    public var screens: [PlacedScreen]
    /// Lines to show at the start, such as a screen whose key was taken.
    public var notes: [String]
    /// What `--data` says.
    public var dataDirectory: String?
    /// Threads that train.
    public var threads: Int
    /// The name of the first screen; nil for the one with the lowest key.
    public var startScreen: String?
    /// Cells to draw with; nil for braille, or ASCII where the locale is not UTF-8.
    public var glyphs: Glyphs?
    /// Whether the mouse is taken.
    public var usesMouse: Bool
    /// Whether colours are used where the terminal has them.
    public var usesColor: Bool

    /// Options.
    public init(
      setup: Model.Setup, screens: [PlacedScreen], notes: [String] = [],
      dataDirectory: String? = nil, threads: Int, startScreen: String? = nil,
      glyphs: Glyphs? = nil, usesMouse: Bool = true, usesColor: Bool = true
    ) {
      self.setup = setup
      self.screens = screens
      self.notes = notes
      self.dataDirectory = dataDirectory
      self.threads = threads
      self.startScreen = startScreen
      self.glyphs = glyphs
      self.usesMouse = usesMouse
      self.usesColor = usesColor
    }
  }

  /// Runs until the person quits.
  ///
  /// - Returns: the exit code: 0, or 130 after Ctrl-C.
  /// - Throws: ``TerminalError`` where the terminal cannot be used.
  public static func run(_ options: Options) throws(TerminalError) -> Int32 {
    let loop = try TerminalLoop(
      TerminalOptions(usesMouse: options.usesMouse, usesColor: options.usesColor))
    // A locale that is not UTF-8 leaves no choice.
    let glyphs: Glyphs = loop.screen.isUnicode ? options.glyphs ?? .braille : .ascii
    var model = Model(options.setup, screens: options.screens, glyphs: glyphs)
    model.start(screen: options.startScreen, notes: options.notes)

    let waker = Waker()
    let inbox = Inbox { waker.wake() }
    let training = TrainingThread(threads: options.threads) { inbox.put(.training($0)) }
    let comparing = DispatchQueue(label: "comparisons", qos: .utility)
    let outside = Outside(dataDirectory: options.dataDirectory)
    let clock = ContinuousClock()
    /// When this thread began with the news of others, in its own time.
    var reading: Duration?
    var exitCode: Int32 = 0

    func send(_ first: Message) -> LoopControl {
      var messages = [first]
      while let message = messages.popLast() {
        for effect in model.update(message) {
          switch effect {
          case .quit: return .stop
          case .training(let order): training.take(order)
          case .compare(let order):
            comparing.async { inbox.put(.compared(order.timed())) }
          default: messages += outside.carryOut(effect, seed: model.seed).map { [$0] } ?? []
          }
        }
      }
      if let interval = model.tickInterval {
        if loop.nextDeadline == nil { loop.nextDeadline = clock.now + interval }
      } else {
        loop.nextDeadline = nil
      }
      return .redraw
    }

    let end = loop.run(
      frame: { width, height in
        // The size is the terminal's at this moment; the message about it may still be on its way.
        model.width = width
        model.height = height
        return model.view()
      },
      handle: { event in
        // By now what they brought has been drawn and written too.
        if let began = reading { training.readerTook(ProcessorTime.ofThread - began) }
        reading = nil
        switch event {
        case .input(.key(.control("c"))), .signal(.interrupt):
          exitCode = 130
          return send(.interrupt)
        case .input(let input): return send(.input(input))
        case .tick: return send(.tick)
        case .wake:
          var control = LoopControl.wait
          reading = ProcessorTime.ofThread
          for message in inbox.take() { control = send(message) }
          return control
        case .signal: return .stop
        }
      })
    return end == .terminalGone ? 129 : exitCode
  }
}

extension ComparisonOrder {
  /// The answer with the time that it took.
  fileprivate func timed() -> ComparisonAnswer {
    let clock = ContinuousClock()
    let began = clock.now
    var answer = carryOut()
    answer.seconds = (clock.now - began) / .seconds(1)
    return answer
  }
}

extension Model {
  /// The screen to begin with, and lines to begin with.
  mutating func start(screen: String?, notes: [String]) {
    if let screen, let index = screens.firstIndex(where: { $0.screen.name == screen }) {
      screenIndex = index
    }
    presetNames = PresetLibrary().list().map(\.name)
    note = Note(
      text: notes.isEmpty
        ? "space plays, s steps, n next stage, r reset mode, t trains, ? all keys"
        : notes.joined(separator: "; "))
  }
}
