import Foundation
import SpideConfiguration
import SpideData
import SpideExperiment
import Testing

/// The file of a sweep: no row is lost, none is there twice, and another sweep's is refused.
@Suite struct SweepFileTests {
  private let scratch = NSTemporaryDirectory() + "spide-sweep-" + UUID().uuidString
  private var path: String { scratch + "/map.csv" }

  init() throws {
    try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
  }

  private func remove() { try? FileManager.default.removeItem(atPath: scratch) }

  private func sweep(
    _ over: [String] = ["steps.backward=10,20", "training.learning-rate.decay-at=[8,12],[]"],
    preset: String = "digits", given: [String] = [], task: SweepTask = .training
  ) throws -> Sweep {
    try Sweep(
      PresetLibrary.ofTests.find(preset, overrides: given), given: given,
      over: over.map { try SweepAxis($0) }, seeds: 1...3, task: task)
  }

  private func row(_ job: SweepJob, _ first: Double? = 0.1) -> SweepRow {
    SweepRow(job.place, [first, 0.2, 1.5, nil, 3, 1e-9, 0.25, .nan])
  }

  private func text() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  private static let header =
    "steps.backward,training.learning-rate.decay-at,seed,best_test_accuracy,test_accuracy,test_loss,"
    + "train_loss,seconds,energy_uJ,mean_forward_rate,mean_backward_rate\n"

  @Test func rowsAreWrittenAndRead() throws {
    defer { remove() }
    let sweep = try sweep()
    let file = try SweepFile(path, of: sweep)
    #expect(try text() == Self.header)
    #expect(try file.append(row(sweep.jobs[1])))
    #expect(try !file.append(row(sweep.jobs[1], 0.7)), "it is there")
    #expect(try file.has(sweep.jobs[1].place) && !file.has(sweep.jobs[0].place))
    #expect(try text() == Self.header + "10,\"[8,12]\",2,0.1,0.2,1.5,,3.0,1e-09,0.25,\n")
    let table = try SweepTable(path: path)
    #expect(table.keys == sweep.keys && table.measure == .training && table.rows.count == 1)
    let read = try #require(table.rows.first)
    #expect(read.place == sweep.jobs[1].place)
    #expect(table.figure("energy_uJ", of: read) == 1e-9)
    #expect(table.figure("mean_backward_rate", of: read) == nil)
    #expect(table.figure("no_such", of: read) == nil)
  }

  /// Two that have the same file open, as two programs do.
  @Test func whatAnotherHasWrittenIsSeen() throws {
    defer { remove() }
    let sweep = try sweep()
    let (one, other) = (try SweepFile(path, of: sweep), try SweepFile(path, of: sweep))
    for (number, job) in sweep.jobs.enumerated() {
      #expect(try (number % 2 == 0 ? one : other).append(row(job)))
      #expect(try !(number % 2 == 0 ? other : one).append(row(job)))
    }
    #expect(try SweepTable(path: path).rows.map(\.place) == sweep.jobs.map(\.place))
    // A claim keeps the other out until it ends.
    var claim = one.claim(sweep.jobs[0].place)
    #expect(claim != nil && other.claim(sweep.jobs[0].place) == nil)
    #expect(other.claim(sweep.jobs[1].place) != nil)
    claim = nil
    #expect(claim == nil && other.claim(sweep.jobs[0].place) != nil)
  }

  /// Cut anywhere, with zeros behind it or not, the file goes on with what was whole.
  @Test func cutAtEveryByte() throws {
    defer { remove() }
    let sweep = try sweep()
    let file = try SweepFile(path, of: sweep)
    for job in sweep.jobs.prefix(3) { try file.append(row(job)) }
    let whole = Array(try text().utf8)
    for length in 0...whole.count {
      for zeros in length % 9 == 0 ? [0, 5] : [0] {
        // Zeros that a machine leaves may have a line end behind them.
        let rest = [UInt8](repeating: 0, count: zeros) + (zeros > 0 && length % 2 == 0 ? [10] : [])
        let bytes = whole[..<length] + rest
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let lines = whole[..<length].count { $0 == 10 }
        let again = try SweepFile(path, of: sweep)
        let places = sweep.jobs.map(\.place)
        #expect(try places.filter { try again.has($0) } == Array(places.prefix(max(0, lines - 1))))
        for job in sweep.jobs.prefix(3) { try again.append(row(job)) }
        #expect(Array(try text().utf8) == whole, "cut at \(length), \(zeros) zeros")
      }
    }
  }

  /// Windows line ends, as other programs may leave them, and values written otherwise are the same rows.
  @Test func whatOtherProgramsWrite() throws {
    defer { remove() }
    let sweep = try sweep(["neuron.leak=0.5,1"])
    let file = try SweepFile(path, of: sweep)
    for job in sweep.jobs { try file.append(row(job)) }
    let other = try text().replacing("\n1,", with: "\n1.0,").replacing("\n", with: "\r\n")
    try other.write(toFile: path, atomically: true, encoding: .utf8)
    let again = try SweepFile(path, of: sweep)
    for job in sweep.jobs { #expect(try again.has(job.place)) }
    #expect(try text() == other)
  }

  @Test func anotherSweepIsRefused() throws {
    defer { remove() }
    let over = ["steps.backward=10,20"]
    let first = try sweep(over)
    try SweepFile(path, of: first).append(row(first.jobs[0]))
    let before = try text()
    // The same sweep: other values, a setting under a swept key, settings that change nothing.
    for same in [
      try sweep(["steps.backward=30"]), try sweep(over, given: ["steps.forward=30"]),
      try sweep(over, given: ["steps={forward: 30, backward: 7}"]),
    ] {
      #expect(throws: Never.self) { try SweepFile(path, of: same) }
    }
    for (other, words) in [
      (try sweep(["steps.forward=10,20"]), "over steps.backward with --measure training"),
      (try sweep(["steps.backward=10", "neuron.leak=1"]), "over steps.backward"),
      (try sweep(over, preset: "digits-conv"), "another value of"),
      (try sweep(over, given: ["training.epochs=2"]), "training.epochs=15"),
      (try sweep(over, given: ["training.loss-scale=1"]), "another value of training.loss-scale"),
      (
        try sweep(over, task: .gradient(samples: 0..<4, weights: nil)),
        "over steps.backward with --measure training"
      ),
    ] {
      let error = try #require(throws: DataError.self) { try SweepFile(path, of: other) }
      #expect(error.kind == .cannotCreate && error.problem.contains(words), "\(error)")
    }
    #expect(try text() == before)
    // Of gradients the samples count too.
    try FileManager.default.removeItem(atPath: path)
    let four = try sweep(over, task: .gradient(samples: 0..<4, weights: nil))
    try SweepFile(path, of: four).append(SweepRow(four.jobs[0].place, [0.5, nil, 1]))
    let five = try sweep(over, task: .gradient(samples: 0..<5, weights: nil))
    let error = try #require(throws: DataError.self) { try SweepFile(path, of: five) }
    #expect(error.problem == "it is that of a sweep with --samples 0..3", "\(error)")
  }

  @Test func whatIsNoSweepIsRefusedAndStays() throws {
    defer { remove() }
    let sweep = try sweep(["steps.backward=10,20"])
    func refused(_ words: String) throws {
      let before = try text()
      let error = try #require(throws: DataError.self) { try SweepFile(path, of: sweep) }
      #expect(error.kind == .cannotCreate && error.problem.contains(words), "\(error)")
      #expect(try text() == before)
    }
    for foreign in ["hello\n", "a,b\n1,2\n", "no line end", "steps.backward,seed\n"] {
      try foreign.write(toFile: path, atomically: true, encoding: .utf8)
      try refused("none of a sweep")
    }
    #expect(!FileManager.default.fileExists(atPath: path + ".json"))
    try FileManager.default.removeItem(atPath: path)
    try SweepFile(path, of: sweep).append(row(sweep.jobs[0]))
    let whole = try text()
    for bad in ["10,1,x,,,,,,,\n", "10,1\n", "10,-1,,,,,,,,\n", "10,1,,,,,,,nan,\n", "10,\"1,,\n"] {
      try (whole + bad).write(toFile: path, atomically: true, encoding: .utf8)
      try refused("line 3 is no row of this sweep")
      let error = try #require(throws: DataError.self) { try SweepTable(path: path) }
      #expect(error.kind == .badData && error.problem.contains("line 3"), "\(error)")
    }
    try whole.write(toFile: path, atomically: true, encoding: .utf8)
    // Without what says which sweep it is, or with something else under its name.
    try FileManager.default.removeItem(atPath: path + ".json")
    try refused("map.csv.json does not say which sweep it is of")
    try "{}".write(toFile: path + ".json", atomically: true, encoding: .utf8)
    try refused("does not say")
    try "".write(toFile: path, atomically: true, encoding: .utf8)
    try refused("map.csv.json is there and none of a sweep")
    for nowhere in [scratch, scratch + "/none/x.csv", "/dev/null"] {
      #expect(throws: DataError.self) { try SweepFile(nowhere, of: sweep) }
    }
  }

  /// The reader leaves out what is still being written.
  @Test func aGrowingFileIsRead() throws {
    defer { remove() }
    let sweep = try sweep(["steps.backward=10,20"])
    try SweepFile(path, of: sweep).append(row(sweep.jobs[0]))
    try (text() + "20,1,0.9").write(toFile: path, atomically: true, encoding: .utf8)
    #expect(try SweepTable(path: path).rows.map(\.place) == [sweep.jobs[0].place])
    for none in ["", "steps.backward,seed,best", "seed,cosine\n"] {
      try none.write(toFile: path, atomically: true, encoding: .utf8)
      let error = try #require(throws: DataError.self) { try SweepTable(path: path) }
      #expect(error.kind == .badData)
    }
    #expect(throws: DataError.self) { try SweepTable(path: scratch + "/none.csv") }
  }
}
