import Foundation
import SpideData
import SpideEngine
import Testing

@Suite struct MetricsFileTests {
  private let epoch = EpochRecord(
    epoch: 1, learningRate: 0.05, trainLoss: 0.5, trainAccuracy: 0.75, testLoss: nil,
    testAccuracy: 0.9, forwardRate: [0.1, 0.2], backwardRate: [0.01, .nan],
    samplesPerSecond: 1234.5, seconds: 2, synapticOperations: 1_000_000,
    testForwardRate: [0.125, 0.25], meanForwardRate: 0.15, meanBackwardRate: 0.02,
    operations: StageOperations(
      forwardAccumulates: 400_000, backwardAccumulates: 600_000, forwardProducts: 50_000,
      backwardProducts: 20_000, gradientProducts: 30_000))
  private let batch = BatchRecord(
    epoch: 1, batch: 7, learningRate: 0.1, loss: .infinity,
    tally: Tally(
      samples: 64, correct: 16,
      forward: StageTally(
        spikes: [2, 1], updates: [4, 4], operations: [0, 1], multiplyAccumulates: [300, 0, 20]),
      backward: StageTally(
        spikes: [0, 4], updates: [4, 4], operations: [0, 2], multiplyAccumulates: [0, 0, 40]),
      gradient: [100, 50, 10]))

  private let epochLine =
    #"{"kind":"epoch","epoch":1,"learning_rate":0.05,"train_loss":0.5,"train_accuracy":0.75,"#
    + #""test_loss":null,"test_accuracy":0.9,"forward_rate":[0.1,0.2],"backward_rate":[0.01,null],"#
    + #""test_forward_rate":[0.125,0.25],"mean_forward_rate":0.15,"mean_backward_rate":0.02,"#
    + #""samples_per_second":1234.5,"seconds":2.0,"synaptic_operations":1000000,"#
    + #""accumulates":{"forward":400000,"backward":600000},"#
    + #""multiply_accumulates":{"forward":50000,"backward":20000,"gradient":30000},"#
    + #""energy_uJ":1.3599999999999999}"# + "\n"
  private let batchLine =
    #"{"kind":"batch","epoch":1,"batch":7,"learning_rate":0.1,"train_loss":null,"#
    + #""train_accuracy":0.25,"forward_rate":[0.5,0.25],"backward_rate":[0.0,1.0],"#
    + #""mean_forward_rate":0.375,"mean_backward_rate":0.5,"synaptic_operations":3,"#
    + #""accumulates":{"forward":1,"backward":2},"#
    + #""multiply_accumulates":{"forward":320,"backward":40,"gradient":160},"#
    + #""energy_uJ":0.0023946999999999996,"samples":64}"# + "\n"
  private let csvHeader =
    "kind,epoch,batch,learning_rate,train_loss,train_accuracy,test_loss,test_accuracy,"
    + "forward_rate_0,forward_rate_1,backward_rate_0,backward_rate_1,"
    + "test_forward_rate_0,test_forward_rate_1,mean_forward_rate,mean_backward_rate,"
    + "samples_per_second,seconds,synaptic_operations,accumulates_forward,accumulates_backward,"
    + "multiply_accumulates_forward,multiply_accumulates_backward,multiply_accumulates_gradient,"
    + "energy_uJ,samples\n"
  /// The columns before operations were told by stage.
  private let earlierHeader =
    "kind,epoch,batch,learning_rate,train_loss,train_accuracy,test_loss,test_accuracy,"
    + "forward_rate_0,forward_rate_1,backward_rate_0,backward_rate_1,"
    + "samples_per_second,seconds,synaptic_operations,samples\n"

  @Test func jsonLines() throws {
    let scratch = try Scratch()
    let path = scratch("m.jsonl")
    var file: MetricsFile? = try MetricsFile(path, layers: 2)
    #expect(try scratch.text("m.jsonl") == "")
    try file?.append(batch)
    // Read while the file is open: a record is there as soon as it is appended.
    #expect(try scratch.text("m.jsonl") == batchLine)
    try file?.append(epoch)
    file = nil
    try MetricsFile(path, layers: 2).append(epoch)
    #expect(try scratch.text("m.jsonl") == batchLine + epochLine + epochLine)
    for line in try scratch.text("m.jsonl").split(separator: "\n") {
      #expect(try JSONSerialization.jsonObject(with: Data(line.utf8)) is [String: Any])
    }
  }

  @Test func commaSeparated() throws {
    let scratch = try Scratch()
    let path = scratch("m.csv")
    var file: MetricsFile? = try MetricsFile(path, layers: 2)
    #expect(try scratch.text("m.csv") == csvHeader)
    try file?.append(epoch)
    file = nil
    try MetricsFile(path, layers: 2).append(batch)
    #expect(
      try scratch.text("m.csv") == csvHeader
        + "epoch,1,,0.05,0.5,0.75,,0.9,0.1,0.2,0.01,,0.125,0.25,0.15,0.02,1234.5,2.0,1000000,"
        + "400000,600000,50000,20000,30000,1.3599999999999999,\n"
        + "batch,1,7,0.1,,0.25,,,0.5,0.25,0.0,1.0,,,0.375,0.5,,,3,1,2,320,40,160,"
        + "0.0023946999999999996,64\n")
    expectFailure(.cannotCreate, path, "other columns") { _ = try MetricsFile(path, layers: 3) }
    let other = try scratch.write("other.csv", Array("a,b".utf8))
    expectFailure(.cannotCreate, other, "other columns") { _ = try MetricsFile(other, layers: 2) }
    #expect(try scratch.text("other.csv") == "a,b")
  }

  /// More than ten classes have a column of their own, and a member where there is a value.
  @Test func amongTheFirstFive() throws {
    let scratch = try Scratch()
    var record = epoch
    record.testTop5Accuracy = 0.97
    try MetricsFile(scratch("m.csv"), layers: 2, hasTop5: true).append(record)
    let lines = try scratch.text("m.csv").split(separator: "\n")
    let cells = lines.map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    #expect(cells[0][8] == "test_top5_accuracy" && cells[1][8] == "0.97")
    #expect(cells[0].count == cells[1].count)
    try MetricsFile(scratch("m.jsonl"), layers: 2, hasTop5: true).append(record)
    #expect(
      try scratch.text("m.jsonl").contains(#""test_accuracy":0.9,"test_top5_accuracy":0.97,"#))
  }

  /// A file that an older program began goes on as it began, as CSV with its columns; its run can be resumed.
  @Test func filesOfOlderProgramsGoOn() throws {
    let scratch = try Scratch()
    let row = "epoch,1,,0.05,0.5,0.75,,0.9,0.1,0.2,0.01,,1234.5,2.0,1000000,\n"
    let line = epochLine.replacing(/"test_forward_rate.*"samples_per/) { _ in #""samples_per"# }
      .replacing(/,"accumulates.*}/) { _ in "}" }
    #expect(line.contains(#""synaptic_operations":1000000}"#) && !line.contains("mean_"))
    var next = epoch
    next.epoch = 2
    let start = MetricsFile.Resumption(epochs: [epoch], batches: 10, path: "c")
    for (name, text) in [("m.csv", earlierHeader + row), ("m.jsonl", line)] {
      try scratch.write(name, Array(text.utf8))
      let file = try MetricsFile(scratch(name), layers: 2, resuming: start)
      try file.append(epoch)
      try file.append(next)
      let found = try scratch.text(name)
      #expect(found.hasPrefix(text) && found.count > text.count)
      #expect(found.dropFirst(text.count).count { $0 == "\n" } == 1)
      #expect(found.contains(name == "m.csv" ? "\nepoch,2,,0.05,0.5," : #""epoch":2,"#))
    }
    #expect(try scratch.text("m.csv").hasSuffix("0.01,,1234.5,2.0,1000000,\n"))
    var other = epoch
    other.trainLoss = 7
    expectFailure(.cannotCreate, scratch("m.csv"), "whose epoch 1 has train_loss 0.5") {
      _ = try MetricsFile(
        scratch("m.csv"), layers: 2,
        resuming: MetricsFile.Resumption(epochs: [other], batches: 10, path: "c"))
    }
  }

  /// A record that was cut short goes; what is no record stays by itself.
  @Test func aLineWithoutAnEnd() throws {
    let scratch = try Scratch()
    let row =
      "batch,1,7,0.1,,0.25,,,0.5,0.25,0.0,1.0,,,0.375,0.5,,,3,1,2,320,40,160,"
      + "0.0023946999999999996,64"
    let cases: [(String, String, String)] = [
      ("a.jsonl", #"{"kind":"#, ""), ("b.jsonl", #"{"kind":"epoch","epoch":1,"lear"#, ""),
      ("c.jsonl", "{", ""), ("d.jsonl", epochLine + "{\"kind\":\"ba", epochLine),
      ("e.jsonl", epochLine + "\0\0\0", epochLine), ("f.jsonl", "a note", "a note\n"),
      ("g.jsonl", String(epochLine.dropLast()), epochLine),
      ("h.csv", "kind,epo", csvHeader), ("i.csv", String(csvHeader.dropLast()), csvHeader),
      ("j.csv", csvHeader + row, csvHeader + row + "\n"),
      ("k.csv", csvHeader + row.dropLast(2), csvHeader), ("l.csv", csvHeader + "b", csvHeader),
    ]
    for (name, before, after) in cases {
      try scratch.write(name, Array(before.utf8))
      try MetricsFile(scratch(name), layers: 2).append(epoch)
      let text = try scratch.text(name)
      #expect(text.hasPrefix(after + (name.hasSuffix("csv") ? "epoch,1," : epochLine)), "\(name)")
      #expect(text.count(where: { $0 == "\n" }) == after.count(where: { $0 == "\n" }) + 1)
    }
  }

  @Test func onlyOneRunWrites() throws {
    let scratch = try Scratch()
    var file: MetricsFile? = try MetricsFile(scratch("m.jsonl"), layers: 2)
    expectFailure(.cannotCreate, scratch("m.jsonl"), "another run is writing") {
      _ = try MetricsFile(scratch("m.jsonl"), layers: 2)
    }
    try file?.append(epoch)
    file = nil
    _ = try MetricsFile(scratch("m.jsonl"), layers: 2)
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
    mkfifo(scratch("p.jsonl"), 0o600)
    expectFailure(.cannotCreate, scratch("p.jsonl"), "nobody reads this pipe") {
      _ = try MetricsFile(scratch("p.jsonl"), layers: 1)
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
