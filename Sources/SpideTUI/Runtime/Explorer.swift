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
    /// What is wrong with files of the user's, such as a screen that cannot be used; shown before the notes.
    public var problems: [String]
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
      setup: Model.Setup, screens: [PlacedScreen], notes: [String] = [], problems: [String] = [],
      dataDirectory: String? = nil, threads: Int, startScreen: String? = nil,
      glyphs: Glyphs? = nil, usesMouse: Bool = true, usesColor: Bool = true
    ) {
      self.setup = setup
      self.screens = screens
      self.notes = notes
      self.problems = problems
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
    model.start(options)

    let waker = Waker()
    let inbox = Inbox(waker)
    let training = TrainingThread(threads: options.threads) { inbox.put(.training($0)) }
    let comparing = DispatchQueue(label: "comparisons", qos: .utility)
    let looking = DispatchQueue(label: "looking", qos: .userInitiated)
    var outside = Outside(dataDirectory: options.dataDirectory)
    var beat = Beat()
    let clock = ContinuousClock()
    var exitCode: Int32 = 0

    func send(_ first: Message) -> LoopControl {
      var messages = [first]
      while let message = messages.popLast() {
        if case .dataFolder(.success(let folder)) = message { outside.dataDirectory = folder }
        for effect in model.update(message) {
          switch effect {
          case .quit: return .stop
          case .training(let order): training.take(order)
          case .compare(let order):
            comparing.async { inbox.put(.compared(order.timed())) }
          case .listPresets, .listFolder, .useData: look(effect)
          default: messages += outside.carryOut(effect, seed: model.seed).map { [$0] } ?? []
          }
        }
      }
      loop.nextDeadline = beat.next(interval: model.tickInterval, now: clock.now)
      return .redraw
    }
    func look(_ effect: Effect) {
      let (current, seed) = (outside, model.seed)
      // A folder that does not answer keeps nobody else waiting.
      let queue = if case .listFolder = effect { DispatchQueue.global() } else { looking }
      queue.async { if let answer = current.carryOut(effect, seed: seed) { inbox.put(answer) } }
    }
    look(.listPresets(files: model.presetFiles))

    let end = loop.run(
      frame: { width, height in
        // The size is the terminal's at this moment; the message about it may still be on its way.
        model.width = width
        model.height = height
        return model.view()
      },
      handle: { event in
        switch event {
        case .input(.key(.control("c"))), .signal(.interrupt):
          let control = send(.interrupt)
          if control == .stop { exitCode = 130 }
          return control
        case .input(let input): return send(.input(input))
        case .tick:
          beat.strike()
          return send(.tick)
        case .wake:
          var control = LoopControl.wait
          let began = clock.now
          // Keys that were kept for a message may end the explorer.
          for message in inbox.take() where control != .stop { control = send(message) }
          training.readerTook(clock.now - began)
          return control
        case .signal: return .stop
        }
      })
    return end == .terminalGone ? 129 : exitCode
  }

  /// What other threads tell, on its way to the loop.
  private final class Inbox: Sendable {
    private let messages = Mutex<[Message]>([])
    private let waker: Waker

    init(_ waker: Waker) { self.waker = waker }

    func put(_ message: Message) {
      messages.withLock { $0.append(message) }
      waker.wake()
    }

    func take() -> [Message] {
      messages.withLock { messages in
        defer { messages = [] }
        return messages
      }
    }
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
  mutating func start(_ options: Explorer.Options) {
    if let screen = options.startScreen,
      let index = screens.firstIndex(where: { $0.screen.name == screen })
    {
      screenIndex = index
    }
    dataFolder = options.dataDirectory
    home = ProcessInfo.processInfo.environment["HOME"].flatMap { $0.isEmpty ? nil : $0 }
    let lines = options.problems + options.notes
    note =
      lines.isEmpty
      ? Note(text: "space plays, s steps, n next stage, r reset mode, t trains, ? all keys")
      : Note(
        text: lines.joined(separator: "\n"), isError: !options.problems.isEmpty, mustBeRead: true)
  }
}
