import Foundation
import SpideData
import SpideEngine
import Testing

/// The curves of a run that was killed and resumed are those of one that was not: no step twice, none lost.
@Suite struct TensorBoardResumeTests {
  private static let board = TensorBoardRun(
    preset: RecordedPreset(text: "name: x\n", overrides: []), seed: 1)

  private func add(_ records: some Sequence<TestRun.Record>, to file: TensorBoardFile) throws {
    for record in records {
      switch record {
      case .batch(let batch): try file.append(batch)
      case .epoch(let epoch):
        try file.append(epoch, step: epoch.epoch * TestRun.batchesInEpoch)
      }
    }
  }

  /// Goes on from a checkpoint in a folder, as `train --resume` does, until the run is killed.
  @discardableResult private func part(
    _ run: TestRun, in folder: String, from position: TestRun.Position, to end: TestRun.Position
  ) throws -> String {
    let file = try TensorBoardFile(
      folder: folder, run: Self.board, after: position.batches,
      history: TensorBoardHistory(folder: folder))
    try add(position.epochs.map { .epoch($0) }, to: file)
    try add(run.records[position.records..<end.records], to: file)
    return file.path
  }

  /// Steps by tag, as the three readers of TensorBoard keep them: one that forgets at the start of any part, one that
  /// does not at the first, and one that knows no parts but forgets, of a tag, what does not come before the next.
  private func readers(_ folder: String) throws -> [[String: [Int]]] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    let events = try names.flatMap { try TestEvent.read("\(folder)/\($0)") }
    return (0..<3).map { reader in
      var (steps, isFirst): ([String: [Int]], Bool) = ([:], true)
      for event in events {
        if event.start != nil {
          if reader == 0 || (reader == 1 && !isFirst) {
            for tag in steps.keys { steps[tag]?.removeAll { $0 >= event.step } }
          }
          isFirst = false
        }
        for tag in event.scalars.keys {
          if reader == 2 { steps[tag]?.removeAll { $0 >= event.step } }
          steps[tag, default: []].append(event.step)
        }
      }
      return steps
    }
  }

  /// Killed after any record with the checkpoint of any moment before, and twice: at another moment of the second part.
  @Test func killedAtAnyMoment() throws {
    let scratch = try Scratch()
    let run = TestRun()
    let (start, end) = (run.positions[0], run.positions[run.records.count])
    try part(run, in: scratch("straight"), from: start, to: end)
    let expected = try readers(scratch("straight"))
    #expect(expected[0]["loss/train"] == [4, 8, 12] && expected[0]["batch/loss"] == Array(1...12))
    for killed in run.positions {
      for checkpoint in run.positions where checkpoint.records <= killed.records {
        for again in [nil, checkpoint.records, run.records.count] {
          let folder = scratch("\(killed.records) \(checkpoint.records) \(again ?? -1)")
          try part(run, in: folder, from: start, to: killed)
          if let again { try part(run, in: folder, from: checkpoint, to: run.positions[again]) }
          try part(run, in: folder, from: checkpoint, to: end)
          for (reader, steps) in try readers(folder).enumerated() {
            #expect(steps == expected[reader], "reader \(reader), \(folder)")
          }
        }
      }
    }
  }

  /// Parts are read in the order of their names; a clock that was set back, or several parts in a second, do not matter.
  @Test func namesFollowEachOther() throws {
    let scratch = try Scratch()
    let run = TestRun()
    let (start, later) = (run.positions[0], run.positions[3])
    let first = try part(run, in: scratch("a"), from: start, to: later)
    let future = scratch("a/events.out.tfevents.4000000000.host.99.0")
    try FileManager.default.moveItem(atPath: first, toPath: future)
    var paths = [future]
    for _ in 0..<12 { paths.append(try part(run, in: scratch("a"), from: start, to: later)) }
    #expect(paths == paths.sorted() && Set(paths).count == 13)
    #expect(paths[12].contains("/events.out.tfevents.4000000012."))
  }

  /// A record that a full disk cut short ends its file, and the next part goes on.
  @Test func aRecordThatWasCutShort() throws {
    let scratch = try Scratch()
    let run = TestRun()
    let (start, end) = (run.positions[0], run.positions[run.records.count])
    for cut in [1, 4, 40, 10_000] {
      let folder = scratch("\(cut)")
      let path = try part(run, in: folder, from: start, to: run.positions[4])
      let whole = try Data(contentsOf: URL(fileURLWithPath: path)).count
      try FileManager.default.removeItem(atPath: path)
      let longer = try part(run, in: folder, from: start, to: run.positions[5])
      var bytes = try Data(contentsOf: URL(fileURLWithPath: longer))
      bytes.removeLast(min(cut, bytes.count - whole - 1))
      try bytes.write(to: URL(fileURLWithPath: longer))
      // The epoch's record is not there, though its checkpoint is.
      let next = try part(run, in: folder, from: run.positions[5], to: end)
      let steps = try TestEvent.read(next).filter { $0.scalars["loss/train"] != nil }.map(\.step)
      #expect(steps == [4, 8, 12], "\(cut)")
    }
  }

  @Test func whoseCurvesAreThere() throws {
    let scratch = try Scratch()
    #expect(try TensorBoardHistory(folder: scratch("none")) == nil)
    try scratch.write("a/notes.txt", [])
    #expect(try TensorBoardHistory(folder: scratch("a")) == nil)
    let path = try part(
      TestRun(), in: scratch("a"), from: TestRun().positions[0], to: TestRun().positions[0])
    // Killed at its start, a run leaves a part of this, and whoever comes has the folder to itself.
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    for count in 0...bytes.count {
      try bytes[..<count].write(to: URL(fileURLWithPath: path))
      #expect(try TensorBoardHistory(folder: scratch("a"))?.isEmpty == true, "\(count)")
    }
    try part(TestRun(), in: scratch("a"), from: TestRun().positions[0], to: TestRun().positions[1])
    let history = try TensorBoardHistory(folder: scratch("a"))
    #expect(history?.run == Self.board && history?.isEmpty == false)
    for bytes in [[], [1], [UInt8](repeating: 255, count: 100), [UInt8](repeating: 0, count: 100)] {
      try scratch.write("b/events.out.tfevents.9223372036854775807.host", bytes)
      let history = try #require(try TensorBoardHistory(folder: scratch("b")))
      #expect(history.run == nil && history.isEmpty)
      let file = try TensorBoardFile(folder: scratch("b"), run: Self.board, history: history)
      try FileManager.default.removeItem(atPath: file.path)
    }
    // Another program's file, which has no start, makes the folder another's.
    let foreign = TestEvent.foreign(step: 3)
    try scratch.write("a/x.tfevents.1", foreign)
    let mixed = try TensorBoardHistory(folder: scratch("a"))
    #expect(mixed?.run == nil && mixed?.isEmpty == false)
  }

  /// The `tensorboard` package's own readers, the old one and the one behind its pages.
  @Test(.enabled(if: Python.hasTensorBoard, "Python cannot import tensorboard"))
  func tensorBoardReadsNoStepTwice() throws {
    let scratch = try Scratch()
    let run = TestRun()
    let (start, end) = (run.positions[0], run.positions[run.records.count])
    var folders: [String] = []
    for (killed, checkpoint) in [(0, 0), (3, 0), (5, 0), (5, 4), (5, 5), (8, 6), (15, 9), (15, 14)]
    {
      let folder = scratch("\(killed) \(checkpoint)")
      folders.append(folder)
      try part(run, in: folder, from: start, to: run.positions[killed])
      try part(
        run, in: folder, from: run.positions[checkpoint], to: run.positions[max(killed, checkpoint)]
      )
      try part(run, in: folder, from: run.positions[checkpoint], to: end)
    }
    let script = """
      import sys
      from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
      from tensorboard.backend.event_processing.plugin_event_accumulator import EventAccumulator as Plugin
      for folder in sys.argv[1:]:
        old, new = EventAccumulator(folder).Reload(), Plugin(folder).Reload()
        for tag in "loss/train", "rate/backward/L1", "batch/loss":
          print([e.step for e in old.Scalars(tag)], [e.step for e in new.Tensors(tag)])
      """
    let (status, text) = try Python.run(script, folders)
    #expect(status == 0)
    let (epochs, batches) = ("[4, 8, 12]", "\(Array(1...12))")
    let lines = ["\(epochs) \(epochs)", "\(epochs) \(epochs)", "\(batches) \(batches)"]
    #expect(text == folders.flatMap { _ in lines.map { $0 + "\n" } }.joined())
  }
}
