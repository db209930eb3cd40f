import Foundation
import SpideData
import SpideEngine
import Testing

/// Event files, read by a decoder of the tests' own and by TensorBoard's where Python has it.
@Suite struct TensorBoardTests {
  private static let run = TensorBoardRun(
    preset: RecordedPreset(text: "name: x\n", overrides: ["a=\"1\""]), seed: .max)

  private static let epoch = EpochRecord(
    epoch: 2, learningRate: 0.05, trainLoss: 0.25, trainAccuracy: 0.875, testLoss: 0.5,
    testAccuracy: 0.75, forwardRate: [0.25, 0.125], backwardRate: [0.03125, 0.0625],
    samplesPerSecond: 1024, seconds: 3, synapticOperations: 7, testTop5Accuracy: 0.9375,
    testForwardRate: [0.5, 0.375], meanForwardRate: 0.1875, meanBackwardRate: 0.046875,
    operations: StageOperations(
      forwardAccumulates: 3, backwardAccumulates: 4, forwardProducts: 5, backwardProducts: 6,
      gradientProducts: 7))

  private static let batch = BatchRecord(
    epoch: 2, batch: 40_000, learningRate: 0.05, loss: 1.5,
    tally: Tally(
      samples: 64, correct: 40,
      forward: StageTally(
        spikes: [4, 3], updates: [8, 8], operations: [0, 3], multiplyAccumulates: [9, 0, 1]),
      backward: StageTally(
        spikes: [0, 6], updates: [8, 8], operations: [0, 4], multiplyAccumulates: [0, 0, 2]),
      gradient: [8, 4, 1]))

  private static let epochScalars: [String: Float] = [
    "loss/train": 0.25, "accuracy/train": 0.875, "loss/test": 0.5, "accuracy/test": 0.75,
    "learning_rate": 0.05, "rate/forward/L0": 0.25, "rate/forward/L1": 0.125,
    "rate/backward/L0": 0.03125, "rate/backward/L1": 0.0625, "samples_per_second": 1024,
    "accuracy/test_top5": 0.9375, "rate/test_forward/L0": 0.5, "rate/test_forward/L1": 0.375,
    "rate/forward/mean": 0.1875, "rate/backward/mean": 0.046875, "cost/accumulates/forward": 3,
    "cost/accumulates/backward": 4, "cost/multiply_accumulates/forward": 5,
    "cost/multiply_accumulates/backward": 6, "cost/multiply_accumulates/gradient": 7,
    "cost/energy_uJ": Float((7 * 0.9 + 18 * 4.6) * 1e-6),
  ]

  private static let batchScalars: [String: Float] = [
    "batch/loss": 1.5, "batch/accuracy": 0.625, "batch/learning_rate": 0.05,
    "batch/rate/forward/L0": 0.5, "batch/rate/forward/L1": 0.375, "batch/rate/backward/L0": 0,
    "batch/rate/backward/L1": 0.75, "batch/rate/forward/mean": 0.4375,
    "batch/rate/backward/mean": 0.375, "batch/cost/accumulates/forward": 3,
    "batch/cost/accumulates/backward": 4, "batch/cost/multiply_accumulates/forward": 10,
    "batch/cost/multiply_accumulates/backward": 2, "batch/cost/multiply_accumulates/gradient": 13,
    "batch/cost/energy_uJ": Float((7 * 0.9 + 25 * 4.6) * 1e-6),
  ]

  /// The decoder's checksum, by the check value of catalogues (the digits 1 to 9) and RFC 3720's 32 zeros.
  @Test func theDecoderKnowsTheChecksum() {
    #expect(crc32c(Array("123456789".utf8)) == 0xE306_9283)
    #expect(crc32c([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
  }

  /// Every record is on the disk, whole, when `append` returns: what a killed run leaves.
  @Test func recordsAreReadableWhileTheFileIsOpen() throws {
    let scratch = try Scratch()
    let folder = scratch("runs/first/")
    let before = Date().timeIntervalSince1970
    let board = try TensorBoardFile(folder: folder, run: Self.run)
    let name = try #require(
      FileManager.default.contentsOfDirectory(atPath: folder).first)
    #expect(board.path.hasSuffix("/" + name))
    let start = try #require(name.wholeMatch(of: /events\.out\.tfevents\.(\d{10})\..+\.\d+\.0/))
    #expect(abs((Double(start.1) ?? 0) - before) < 60)

    var events = try TestEvent.read(board.path)
    #expect(events.map(\.version) == ["brain.Event:2", nil])
    let text = #"{"preset":"name: x\n","overrides":["a=\"1\""],"seed":"18446744073709551615"}"#
    #expect(events.map(\.start) == [nil, text])
    try board.append(Self.batch)
    events = try TestEvent.read(board.path)
    #expect(events.count == 3)
    try board.append(Self.epoch, step: 40_001)
    events = try TestEvent.read(board.path)
    #expect(events.map(\.step) == [0, 1, 40_000, 40_001])
    #expect(events.map(\.scalars) == [[:], [:], Self.batchScalars, Self.epochScalars])
    let times = events.map(\.wallTime)
    #expect(times == times.sorted() && times[0] >= before && times[3] < before + 60)
    withExtendedLifetime(board) {}
  }

  @Test func withoutATestSetThereIsNoTestCurve() throws {
    let scratch = try Scratch()
    let board = try TensorBoardFile(folder: scratch.path, run: Self.run)
    var record = Self.epoch
    record.testLoss = nil
    record.testAccuracy = nil
    record.testTop5Accuracy = nil
    record.testForwardRate = nil
    try board.append(record, step: 1)
    let expected = Self.epochScalars.filter { !$0.key.contains("/test") }
    #expect(try TestEvent.read(board.path).last?.scalars == expected)
  }

  /// Parts of a run are told apart by their names, within a second too.
  @Test func namesAreNew() throws {
    let scratch = try Scratch()
    let paths = try (0..<3).map { _ in
      try TensorBoardFile(folder: scratch.path, run: Self.run).path
    }
    #expect(Set(paths).count == 3)
    #expect(try scratch.names.count == 3)
  }

  /// Two runs at once would make one jumbled run; what only has a name like theirs is nobody's.
  @Test func onlyOneRunWrites() throws {
    let scratch = try Scratch()
    try scratch.write("tb/events.out.tfevents.profile/x", [])
    let folder = scratch("tb")
    #expect(try TensorBoardHistory(folder: folder) == nil)
    var first: TensorBoardFile? = try TensorBoardFile(folder: folder, run: Self.run)
    let path = try #require(first?.path)
    expectFailure(.cannotCreate, folder, "another run is writing its curves there") {
      _ = try TensorBoardFile(folder: folder, run: Self.run)
    }
    #expect(FileManager.default.fileExists(atPath: path))
    first = nil
    let second = try TensorBoardFile(folder: folder, run: Self.run)
    #expect(second.path > path)
  }

  @Test func foldersThatCannotBeWritten() throws {
    let scratch = try Scratch()
    let file = try scratch.write("file", [1])
    for folder in [file, file + "/below", "/proc/nowhere/x", ""] {
      expectFailure(.cannotCreate, "\(folder): ", "expected a folder for TensorBoard") {
        _ = try TensorBoardFile(folder: folder, run: Self.run)
      }
    }
    #expect(try scratch.bytes("file") == [1])
  }

  @Test(.enabled(if: Python.hasTensorBoard, "Python cannot import tensorboard"))
  func tensorBoardReadsOurs() throws {
    let scratch = try Scratch()
    let board = try TensorBoardFile(folder: scratch.path, run: Self.run)
    try board.append(Self.batch)
    try board.append(Self.epoch, step: 40_001)
    let script = """
      import sys, json
      from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
      from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
      events = EventAccumulator(sys.argv[1]).Reload()
      scalars = {tag: [[e.step, e.value] for e in events.Scalars(tag)] for tag in events.Tags()["scalars"]}
      print(json.dumps([len(list(EventFileLoader(sys.argv[2]).Load())), events.file_version, scalars]))
      """
    let (status, text) = try Python.run(script, scratch.path, board.path)
    #expect(status == 0)
    let result = try JSON(parsing: text.utf8)
    guard case .array(let parts) = result, parts.count == 3 else {
      Issue.record("\(text)")
      return
    }
    #expect(parts[0] == .int(4))
    #expect(parts[1] == .double(2) || parts[1] == .int(2))
    let expected =
      Self.batchScalars.map { ($0, 40_000, $1) } + Self.epochScalars.map { ($0, 40_001, $1) }
    for (tag, step, value) in expected {
      guard case .array(let points)? = parts[2][tag], points.count == 1,
        case .array(let point) = points[0], point.count == 2
      else {
        Issue.record("\(tag) in \(text)")
        continue
      }
      #expect(point[0] == .int(step))
      #expect(point[1] == .double(Double(value)), "\(tag)")
    }
  }
}
