import Foundation
import SpideData
import SpideEngine
import Testing

@Suite struct MetricsFileTests {
  private let epoch = EpochRecord(
    epoch: 1, learningRate: 0.05, trainLoss: 0.5, trainAccuracy: 0.75, testLoss: nil,
    testAccuracy: 0.9, forwardRate: [0.1, 0.2], backwardRate: [0.01, .nan],
    samplesPerSecond: 1234.5, seconds: 2, synapticOperations: 1_000_000)
  private let batch = BatchRecord(
    epoch: 1, batch: 7, learningRate: 0.1, loss: .infinity, accuracy: 0.25,
    forwardRate: [0.5, 0.25], backwardRate: [0, 1], synapticOperations: 3, samples: 64)

  private let epochLine =
    #"{"kind":"epoch","epoch":1,"learning_rate":0.05,"train_loss":0.5,"train_accuracy":0.75,"#
    + #""test_loss":null,"test_accuracy":0.9,"forward_rate":[0.1,0.2],"backward_rate":[0.01,null],"#
    + #""samples_per_second":1234.5,"seconds":2.0,"synaptic_operations":1000000}"# + "\n"
  private let batchLine =
    #"{"kind":"batch","epoch":1,"batch":7,"learning_rate":0.1,"train_loss":null,"#
    + #""train_accuracy":0.25,"forward_rate":[0.5,0.25],"backward_rate":[0.0,1.0],"#
    + #""synaptic_operations":3,"samples":64}"# + "\n"
  private let csvHeader =
    "kind,epoch,batch,learning_rate,train_loss,train_accuracy,test_loss,test_accuracy,"
    + "forward_rate_0,forward_rate_1,backward_rate_0,backward_rate_1,"
    + "samples_per_second,seconds,synaptic_operations,samples\n"

  @Test func jsonLines() throws {
    let scratch = try Scratch()
    let path = scratch("m.jsonl")
    let file = try MetricsFile(path, layers: 2)
    #expect(try scratch.text("m.jsonl") == "")
    try file.append(batch)
    // Read while the file is open: a record is there as soon as it is appended.
    #expect(try scratch.text("m.jsonl") == batchLine)
    try file.append(epoch)
    try MetricsFile(path, layers: 2).append(epoch)
    #expect(try scratch.text("m.jsonl") == batchLine + epochLine + epochLine)
    for line in try scratch.text("m.jsonl").split(separator: "\n") {
      #expect(try JSONSerialization.jsonObject(with: Data(line.utf8)) is [String: Any])
    }
  }

  @Test func commaSeparated() throws {
    let scratch = try Scratch()
    let path = scratch("m.csv")
    let file = try MetricsFile(path, layers: 2)
    #expect(try scratch.text("m.csv") == csvHeader)
    try file.append(epoch)
    try MetricsFile(path, layers: 2).append(batch)
    #expect(
      try scratch.text("m.csv") == csvHeader
        + "epoch,1,,0.05,0.5,0.75,,0.9,0.1,0.2,0.01,,1234.5,2.0,1000000,\n"
        + "batch,1,7,0.1,,0.25,,,0.5,0.25,0.0,1.0,,,3,64\n")
    expectFailure(.cannotCreate, path, "other columns") { _ = try MetricsFile(path, layers: 3) }
    let other = try scratch.write("other.csv", Array("a,b".utf8))
    expectFailure(.cannotCreate, other, "other columns") { _ = try MetricsFile(other, layers: 2) }
    #expect(try scratch.text("other.csv") == "a,b")
  }

  /// A run that is resumed adds what the file does not have of it; an earlier run in the same file does not count, nor
  /// does a line that was cut short.
  @Test(arguments: ["jsonl", "csv"]) func aResumedRunRepeatsNothing(_ format: String) throws {
    let scratch = try Scratch()
    let path = scratch("m.\(format)")
    func append(_ epochs: ClosedRange<Int>, batches: Bool = true, isResumed: Bool) throws {
      let file = try MetricsFile(path, layers: 2, isResumed: isResumed)
      for number in epochs {
        var (epoch, batch) = (epoch, batch)
        (epoch.epoch, batch.epoch) = (number, number)
        for index in 1...2 where batches {
          batch.batch = 2 * (number - 1) + index
          try file.append(batch)
        }
        try file.append(epoch)
      }
    }
    try append(1...5, isResumed: true)
    let first = try scratch.text("m.\(format)")
    try append(3...5, isResumed: true)
    #expect(try scratch.text("m.\(format)") == first)
    try append(1...2, isResumed: false)
    let second = try scratch.text("m.\(format)")
    #expect(second.count > first.count)
    // What was cut short is not there.
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data((format == "csv" ? "epoch,3,,0.05" : #"{"kind":"#).utf8))
    try append(1...4, isResumed: true)
    let added = try scratch.text("m.\(format)").dropFirst(second.count)
      .split(separator: "\n").dropFirst()
    #expect(added.count == 6, "two epochs, of two batches each")
    #expect(added.first?.contains(format == "csv" ? "batch,3,5," : #""batch":5,"#) == true)
    try append(4...6, batches: false, isResumed: true)
    #expect(
      try scratch.text("m.\(format)").split(separator: "\n").count
        == second.split(separator: "\n").count + 1 + 6 + 2)
  }

  @Test func aLineCutShortStaysByItself() throws {
    let scratch = try Scratch()
    let path = try scratch.write("m.jsonl", Array(#"{"kind":"#.utf8))
    try MetricsFile(path, layers: 2).append(epoch)
    #expect(try scratch.text("m.jsonl") == "{\"kind\":\n" + epochLine)
  }

  @Test func failsBeforeTrainingStarts() throws {
    let scratch = try Scratch()
    for (name, reason) in [
      ("m.txt", "ends in .jsonl or .csv"), ("m", "ends in .jsonl or .csv"),
      ("no/m.csv", "No such file or directory"),
    ] {
      expectFailure(.cannotCreate, scratch(name), reason) {
        _ = try MetricsFile(scratch(name), layers: 1)
      }
    }
    try scratch.write("d.csv/x", [])
    expectFailure(.cannotCreate, "Is a directory") {
      _ = try MetricsFile(scratch("d.csv"), layers: 1)
    }
    for name in ["full.csv", "full.jsonl"] {
      try FileManager.default.createSymbolicLink(
        atPath: scratch(name), withDestinationPath: "/dev/full")
      expectFailure(.cannotCreate, scratch(name), "No space left on device") {
        try MetricsFile(scratch(name), layers: 2).append(epoch)
      }
    }
  }
}
