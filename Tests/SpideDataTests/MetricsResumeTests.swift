import Foundation
import SpideData
import SpideEngine
import Testing

/// A run that was killed and resumed leaves the metrics of one that was not.
@Suite struct MetricsResumeTests {
  private func add(_ records: some Sequence<TestRun.Record>, to file: MetricsFile) throws {
    for record in records {
      switch record {
      case .batch(let batch): try file.append(batch)
      case .epoch(let epoch): try file.append(epoch)
      }
    }
  }

  private func write(_ records: some Sequence<TestRun.Record>, to path: String) throws {
    try add(records, to: MetricsFile(path, layers: 2))
  }

  /// Goes on from a checkpoint with a file, as `train --resume` does.
  private func resume(_ run: TestRun, from position: TestRun.Position, _ path: String) throws {
    let file = try MetricsFile(
      path, layers: 2,
      resuming: .init(epochs: position.epochs, batches: position.batches, path: "runs/x"))
    for epoch in position.epochs { try file.append(epoch) }
    try add(run.records[position.records...], to: file)
  }

  /// The lines of a file without their times.
  private func lines(_ path: String) throws -> [String] {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.hasSuffix("\n"))
    let header = text.prefix { $0 != "\n" }.split(separator: ",")
    let times = ["samples_per_second", "seconds"].map { header.firstIndex(of: $0[...]) }
    return try text.split(separator: "\n").map { line in
      if path.hasSuffix(".csv") {
        let cells = line.split(separator: ",", omittingEmptySubsequences: false)
        try #require(cells.count == header.count && !times.contains(nil))
        return cells.indices.filter { !times.contains($0) }.map { String(cells[$0]) }
          .joined(separator: ",")
      }
      guard case .object(let members) = try JSON(parsing: line.utf8) else { return "" }
      return JSON.object(members.filter { !["seconds", "samples_per_second"].contains($0.0) })
        .description
    }
  }

  /// Killed after any record, with the checkpoint of any moment before, after another run in the same file or not, and
  /// killed once more when it had resumed. The last line may be whole, without its end, or cut.
  @Test(arguments: ["jsonl", "csv"]) func killedAtAnyMoment(_ format: String) throws {
    let scratch = try Scratch()
    let (before, run, again) = (TestRun(seed: 7), TestRun(), TestRun(seconds: 50))
    let epochs = before.records.filter { if case .epoch = $0 { true } else { false } }
    for others in [[], before.records, Array(before.records[..<3]), epochs] {
      let straight = scratch("straight.\(format)")
      try? FileManager.default.removeItem(atPath: straight)
      try write(others, to: straight)
      try write(run.records, to: straight)
      let expected = try lines(straight)
      for killed in run.positions {
        for checkpoint in run.positions where checkpoint.records <= killed.records {
          for cut in [0, 1, 20, 10_000] where cut == 0 || killed.records > checkpoint.records {
            let path = scratch("m.\(format)")
            try? FileManager.default.removeItem(atPath: path)
            try write(others, to: path)
            let last = max(0, killed.records - 1)
            try write(run.records[..<last], to: path)
            let whole = try Data(contentsOf: URL(fileURLWithPath: path)).count
            try write(run.records[last..<killed.records], to: path)
            var text = try Data(contentsOf: URL(fileURLWithPath: path))
            // At least its first byte stays.
            text.removeLast(cut == 0 ? 0 : min(cut, text.count - whole - 1))
            try text.write(to: URL(fileURLWithPath: path))

            let later = min(checkpoint.records + 2, run.records.count)
            if cut == 1 {
              let short = TestRun(seconds: 20)
              let file = try MetricsFile(
                path, layers: 2,
                resuming: .init(
                  epochs: checkpoint.epochs, batches: checkpoint.batches, path: "runs/x"))
              try add(short.records[checkpoint.records..<later], to: file)
            }
            try resume(again, from: checkpoint, path)
            #expect(
              try lines(path) == expected,
              "killed after \(killed.records) records, checkpoint after \(checkpoint.records), \(cut) bytes cut, \(others.count) records before"
            )
          }
        }
      }
    }
  }

  /// What is written anew has the times of the run that wrote it.
  @Test func timesAreThoseOfTheLastPart() throws {
    let scratch = try Scratch()
    let path = scratch("m.jsonl")
    let (run, again) = (TestRun(), TestRun(seconds: 50))
    try write(run.records, to: path)
    let first = run.positions[5]
    try resume(again, from: first, path)
    let text = try scratch.text("m.jsonl")
    #expect(text.contains(#""seconds":1.0"#) && text.contains(#""seconds":53.0"#))
    #expect(!text.contains(#""seconds":3.0"#))
  }

  /// Nothing is cut off before the run has something to put there.
  @Test func aRunThatIsDoneChangesNothing() throws {
    let scratch = try Scratch()
    let path = scratch("m.jsonl")
    let run = TestRun()
    try write(run.records, to: path)
    let bytes = try scratch.bytes("m.jsonl")
    let position = run.positions[5]
    let file = try MetricsFile(
      path, layers: 2,
      resuming: .init(epochs: position.epochs, batches: position.batches, path: "runs/x"))
    for epoch in position.epochs { try file.append(epoch) }
    #expect(try scratch.bytes("m.jsonl") == bytes)
  }

  @Test(arguments: ["jsonl", "csv"]) func anotherRunIsRefused(_ format: String) throws {
    let scratch = try Scratch()
    let path = scratch("m.\(format)")
    let (mine, other) = (TestRun(), TestRun(seed: 2))
    try write(other.records, to: path)
    let bytes = try scratch.bytes("m.\(format)")
    for position in mine.positions where !position.epochs.isEmpty {
      expectFailure(
        .cannotCreate, path,
        "it ends with another run, whose epoch 1 has train_loss \(0.3 / 3); that of runs/x has \(0.3 / 2)",
        "expected the metrics of this run, or another file"
      ) {
        try resume(mine, from: position, path)
      }
      #expect(try scratch.bytes("m.\(format)") == bytes)
    }
    // Before its first epoch, a run is not known to be another one: it is added.
    try resume(mine, from: mine.positions[2], path)
    #expect(try scratch.bytes("m.\(format)").starts(with: bytes))
    let (all, theirs) = (try lines(path), other.records.count + (format == "csv" ? 1 : 0))
    #expect(all.count == theirs + mine.records.count - 2)
  }

  /// Epochs of a part that wrote no metrics, or of a whole run, are added.
  @Test func whatIsMissingIsAdded() throws {
    let scratch = try Scratch()
    let path = scratch("m.jsonl")
    let run = TestRun()
    let epochs = run.records.filter { if case .epoch = $0 { true } else { false } }
    let end = try #require(run.positions.last)
    try resume(run, from: end, path)
    let all = try lines(path)
    #expect(all.count == 3)
    try FileManager.default.removeItem(atPath: path)
    try write(epochs[..<1], to: path)
    try resume(run, from: end, path)
    #expect(try lines(path) == all)
  }

  /// Numbers that no program of ours has written lead to no trap.
  @Test func hostileFiles() throws {
    let scratch = try Scratch()
    let run = TestRun()
    for number in ["0", "-1", "-9223372036854775808", "9223372036854775807", "1e308"] {
      for line in [
        #"{"kind":"epoch","epoch":\#(number)}"#,
        #"{"kind":"batch","epoch":1,"batch":\#(number)}"#,
        #"{"kind":"batch","epoch":\#(number),"batch":1}"#,
      ] {
        for position in run.positions {
          try scratch.write("m.jsonl", Array((line + "\n").utf8))
          try resume(run, from: position, scratch("m.jsonl"))
        }
      }
    }
  }
}
