import Foundation
import SpideData
import SpideEngine
import Testing

/// A metrics file that is read while it is written.
@Suite struct MetricsTailTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func write(_ run: TestRun, to name: String) throws -> [MetricsTail.Record] {
    let file = try MetricsFile(scratch(name), layers: 2)
    return try run.records.map { record in
      switch record {
      case .batch(let batch):
        try file.append(batch)
        return .batch(BatchMetrics(batch))
      case .epoch(let epoch):
        try file.append(epoch)
        return .epoch(epoch)
      }
    }
  }

  private func tail(_ name: String) throws -> MetricsTail {
    try #require(MetricsTail(scratch(name)))
  }

  @Test(arguments: ["m.jsonl", "m.csv"]) func bringsWhatIsAdded(_ name: String) throws {
    let expected = try write(TestRun(), to: name)
    let bytes = try scratch.bytes(name)
    try scratch.write(name, [])
    var tail = try tail(name)
    // Byte by byte, as a slow disk would have it: no record comes before its line is whole.
    let handle = try #require(FileHandle(forWritingAtPath: scratch(name)))
    var records: [MetricsTail.Record] = []
    var lines = 0
    for byte in bytes {
      handle.write(Data([byte]))
      let news = try tail.read()
      #expect(!news.isAnew)
      records += news.records
      if byte == UInt8(ascii: "\n") { lines += 1 }
      #expect(records.count == (name.hasSuffix("csv") ? max(0, lines - 1) : lines))
    }
    #expect(records == expected)
    #expect(try tail.read() == MetricsTail.News())
  }

  /// A value that is no number is told as none, and rates of a test that was not made are none.
  @Test(arguments: ["m.jsonl", "m.csv"]) func valuesThatAreNone(_ name: String) throws {
    let file = try MetricsFile(scratch(name), layers: 1)
    let tally = Tally(
      samples: 4, correct: 1, forward: StageTally(spikes: [1], updates: [4], operations: [2]),
      backward: StageTally(spikes: [0], updates: [0], operations: [0]))
    try file.append(
      BatchRecord(epoch: 1, batch: 1, learningRate: 0.1, loss: .infinity, tally: tally))
    let epoch = EpochRecord(
      epoch: 1, learningRate: 0.05, trainLoss: 0.5, trainAccuracy: 0.75, testLoss: nil,
      testAccuracy: nil, forwardRate: [0.1], backwardRate: [0.25], samplesPerSecond: 10,
      seconds: 2, synapticOperations: 7)
    try file.append(epoch)
    var tail = try tail(name)
    let records = try tail.read().records
    guard case .batch(let batch)? = records.first else {
      Issue.record("\(records)")
      return
    }
    #expect(batch.loss.isNaN && batch.accuracy == 0.25 && batch.samples == 4)
    #expect(records.last == .epoch(epoch))
  }

  @Test func aFileThatWasCutIsReadAnew() throws {
    let records = try write(TestRun(), to: "m.jsonl")
    var tail = try tail("m.jsonl")
    #expect(try tail.read().records == records)
    // A run that was resumed after its first epoch comes to other numbers, and to more bytes than before.
    let lines = try scratch.text("m.jsonl").split(separator: "\n", omittingEmptySubsequences: false)
    _ = try write(TestRun(seed: 2), to: "other.jsonl")
    let other = try scratch.text("other.jsonl").split(separator: "\n")
    let text = (lines[..<5] + other[5...]).joined(separator: "\n") + "\n"
    let handle = try #require(FileHandle(forWritingAtPath: scratch("m.jsonl")))
    try handle.truncate(atOffset: 0)
    handle.write(Data(text.utf8))
    let news = try tail.read()
    #expect(news.isAnew && news.records.count == records.count)
    #expect(news.records.prefix(5) == records.prefix(5) && news.records != records)
  }

  @Test func aFileInItsPlaceIsReadAnew() throws {
    let first = try write(TestRun(), to: "m.jsonl")
    var tail = try tail("m.jsonl")
    #expect(try tail.read() == MetricsTail.News(records: first))
    let second = try write(TestRun(seed: 5), to: "new.jsonl")
    #expect(rename(scratch("new.jsonl"), scratch("m.jsonl")) == 0)
    #expect(try tail.read() == MetricsTail.News(isAnew: true, records: second))
  }

  /// The run that the file ends with counts.
  @Test func anotherRunTakesThePlaceOfTheFirst() throws {
    _ = try write(TestRun(), to: "m.jsonl")
    var tail = try tail("m.jsonl")
    _ = try tail.read()
    let second = try write(TestRun(seed: 3), to: "m.jsonl")
    #expect(try tail.read() == MetricsTail.News(isAnew: true, records: second))
    var late = try self.tail("m.jsonl")
    #expect(try late.read().records == second)
  }

  @Test func somethingElseIsNotRead() throws {
    try scratch.write("m.csv", Array("a,b\n1,2\n".utf8))
    var tail = try tail("m.csv")
    expectFailure(.badData, "m.csv", "other columns") { _ = try tail.read() }
    #expect(MetricsTail(scratch("m.txt")) == nil)
    try scratch.write("m.jsonl", Array("[1,2\n{\"kind\":\"batch\"}\nhello\n".utf8))
    var lines = try self.tail("m.jsonl")
    #expect(try lines.read() == MetricsTail.News())
    var missing = try self.tail("none.jsonl")
    expectFailure(.missingInput, "none.jsonl") { _ = try missing.read() }
  }
}
