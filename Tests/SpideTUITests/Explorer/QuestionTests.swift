import Foundation
import SpideData
import SpideEngine
import SpideTUI
import Testing

/// Nothing that was trained and nothing that is in a file is lost without a question; nothing else is asked.
@Suite struct QuestionTests {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("spide-question-\(UUID())")

  private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  private func makeFolder() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func contents(_ name: String) throws -> Data {
    try Data(contentsOf: folder.appendingPathComponent(name))
  }

  private static let loss = "of the training of digits"

  // MARK: What was trained

  /// Ways to lose a training, as keys and what has to be carried out for them.
  enum Loss: CaseIterable {
    case key, command, interrupt, preset, settings, checkpoint
  }

  private func lose(_ way: Loss, _ driver: inout Driver) throws {
    switch way {
    case .key: driver.type("q")
    case .command: driver.type(":quit<enter>")
    case .interrupt: driver.send(.interrupt)
    case .preset:
      driver.type(":preset digits-lif<enter>")
      try driver.carryOutLast()
    case .settings:
      driver.type(":set training.batch=32<enter>")
      try driver.carryOutLast()
    case .checkpoint:
      let other = try Driver()
      try makeFolder()
      try WeightsFile.save(other.model.session.network.plan.zeros, to: path("other.safetensors"))
      driver.type(":checkpoint \(path("other.safetensors"))<enter>")
      try driver.carryOutLast()
    }
  }

  /// Whether it has happened: the program ended.
  private func isLost(_ driver: Driver) -> Bool { driver.exitCode != nil }

  /// What begins another training keeps the one before as a run.
  @Test(arguments: [Loss.preset, .settings, .checkpoint])
  func notAskedWhereARunIsKept(_ way: Loss) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    var driver = try Driver()
    try driver.train(batches: 2)
    let trained = driver.model.parameters
    try lose(way, &driver)
    #expect(!driver.text.contains(Self.loss) && driver.model.parameters != trained)
    driver.type("8")
    #expect(driver.text.contains("2 runs"), "\(driver.text)")
    driver.type(":run digits<enter>")
    #expect(driver.model.parameters == trained)
    driver.type("q")
    #expect(driver.exitCode == nil && driver.text.contains("2 batches \(Self.loss)"))
  }

  @Test(arguments: [Loss.key, .command, .interrupt])
  func askedOnceWhereSomethingWasTrained(_ way: Loss) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    var driver = try Driver()
    try driver.train(batches: 2)
    try lose(way, &driver)
    #expect(!isLost(driver))
    #expect(driver.text.contains("2 batches \(Self.loss)"), "\(driver.text)")
    // Other keys are no answer.
    driver.type("q x<enter>")
    #expect(!isLost(driver) && driver.text.contains(Self.loss))
    driver.type("n")
    #expect(!isLost(driver) && !driver.text.contains(Self.loss))
    driver.type("4")
    #expect(driver.text.contains("batches        2"))
    try lose(way, &driver)
    driver.type("y")
    #expect(isLost(driver))
    #expect(!driver.text.contains(Self.loss))
  }

  @Test(arguments: Loss.allCases) func notAskedWhereNothingWasTrained(_ way: Loss) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    var driver = try Driver()
    driver.type("nnsr+")
    try lose(way, &driver)
    #expect(!driver.text.contains("not saved"))
    driver.type("8")
    #expect(isLost(driver) || driver.text.contains("1 run "), "\(driver.text)")
  }

  @Test(arguments: [Loss.key, .command, .interrupt]) func notAskedAfterSaving(_ way: Loss) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try makeFolder()
    var driver = try Driver()
    try driver.train(batches: 2)
    driver.type(":save \(path("w.safetensors"))<enter>")
    try driver.carryOutLast()
    #expect(driver.text.contains("wrote "))
    try lose(way, &driver)
    #expect(isLost(driver))
  }

  @Test func whatWasTrainedAfterSavingIsUnsaved() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try makeFolder()
    var driver = try Driver()
    try driver.train(batches: 2)
    driver.type(":save \(path("w.safetensors"))<enter>")
    try driver.carryOutLast()
    driver.type("fs")
    driver.type("q")
    #expect(driver.exitCode == nil)
    #expect(driver.text.contains("1 batch \(Self.loss) is not saved"), "\(driver.text)")
  }

  /// A file that could not be written keeps nothing.
  @Test func aFailedSaveSavesNothing() throws {
    var driver = try Driver()
    try driver.train(batches: 1)
    driver.type(":save /dev/null/w.safetensors<enter>")
    try driver.carryOutLast()
    #expect(driver.text.contains("/dev/null/w.safetensors: "))
    driver.type("q")
    #expect(driver.exitCode == nil)
  }

  @Test func askedWhileTheFirstBatchIsTrained() throws {
    var driver = try Driver()
    driver.type("tq")
    #expect(driver.exitCode == nil && driver.text.contains("The training of digits has begun."))
    driver.type("<esc>")
    #expect(!driver.text.contains("has begun"))
    driver.type(":quit<enter>Y")
    #expect(driver.exitCode == 0)
  }

  @Test func aSecondInterruptDoesNotWait() throws {
    var driver = try Driver()
    try driver.train(batches: 1)
    driver.send(.interrupt)
    #expect(driver.exitCode == nil)
    driver.send(.interrupt)
    #expect(driver.exitCode == 130)

    // Only the question about the end counts as a first one; any other is closed.
    driver = try Driver()
    try driver.train(batches: 1)
    driver.type(":fork Vth=1.1<enter>")
    driver.type(":run digits<enter>:run close<enter>")
    #expect(driver.text.contains("Close digits?"), "\(driver.text)")
    driver.send(.interrupt)
    #expect(driver.exitCode == nil && !driver.text.contains("Close digits?"))
    driver.send(.interrupt)
    #expect(driver.exitCode == nil && driver.text.contains("Quit?"))
    driver.type("n")
    driver.type("qy")
    #expect(driver.exitCode == 0)
  }

  @Test func theMouseAnswersToo() throws {
    var driver = try Driver()
    try driver.train(batches: 1)
    for (answer, code) in [("n stay", nil), ("y quit", 0)] as [(String, Int32?)] {
      driver.type("q")
      let lines = driver.text.split(separator: "\n", omittingEmptySubsequences: false)
      let y = try #require(lines.firstIndex { $0.contains(answer) })
      let range = try #require(lines[y].range(of: answer))
      let x = lines[y].distance(from: lines[y].startIndex, to: range.lowerBound)
      func click(_ x: Int) -> Message {
        .input(.mouse(MouseEvent(.press, button: .left, x: x, y: y)))
      }
      driver.send(click(x - 2))
      #expect(driver.text.contains("Quit?") && driver.exitCode == nil)
      driver.send(click(x + answer.count - 1))
      #expect(!driver.text.contains("Quit?") && driver.exitCode == code)
    }
  }

  // MARK: What is in a file

  @Test(arguments: [":save NAME.safetensors<enter>", ":export NAME<enter>"])
  func filesAreOverwrittenOnlyAfterAYes(_ keys: String) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try makeFolder()
    let keys = keys.replacingOccurrences(of: "NAME", with: path("w"))
    var driver = try Driver()
    driver.type(keys)
    try driver.carryOutLast()
    #expect(driver.text.contains("wrote "))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    let first = try names.map(contents)

    try driver.train(batches: 1)
    driver.type("f")
    driver.type(keys)
    try driver.carryOutLast()
    #expect(driver.text.contains("Overwrite?"))
    driver.type("n")
    #expect(try names.map(contents) == first)
    driver.type(keys)
    try driver.carryOutLast()
    driver.type("y")
    #expect(try names.map(contents) == first)
    try driver.carryOutLast()
    #expect(driver.text.contains("wrote "))
    for (name, before) in zip(names, first) { #expect(try contents(name) != before) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == names)
  }

  /// One of two files is enough, a link counts as what it is, and a device has nothing to lose.
  @Test func whatCountsAsThere() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try makeFolder()
    try Data("mine".utf8).write(to: folder.appendingPathComponent("w.txt"))
    try FileManager.default.createSymbolicLink(
      atPath: path("link.safetensors"), withDestinationPath: "nowhere")
    var driver = try Driver()
    driver.type(":export \(path("w"))<enter>")
    try driver.carryOutLast()
    #expect(driver.text.contains("Overwrite?"))
    driver.type("n")
    #expect(try contents("w.txt") == Data("mine".utf8))
    #expect(!FileManager.default.fileExists(atPath: path("w.safetensors")))
    driver.type(":save \(path("link.safetensors"))<enter>")
    try driver.carryOutLast()
    #expect(driver.text.contains("Overwrite?"))
    driver.type("n:save /dev/null<enter>")
    try driver.carryOutLast()
    #expect(driver.text.contains("wrote /dev/null"))
  }

  @Test func theKeyWritesUnderTheSameRule() throws {
    var driver = try Driver()
    driver.type("e")
    guard case .write(.screen(_, _, "spide-digits-stage"), overwrites: false)? = driver.lastEffect
    else {
      Issue.record("\(driver.effects)")
      return
    }
  }
}

extension NetworkPlan {
  /// Weights that are all 0.
  fileprivate var zeros: Parameters { Parameters(zerosFor: self) }
}
