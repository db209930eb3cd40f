import Foundation
import SpideData
import SpideEngine
import Testing

@Suite struct EventSetTests {
  private let names = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
  ]
  private let scratch: Scratch

  /// Two recordings for each class, and eleven for the first: file `n` has events in row `n` alone.
  init() throws {
    scratch = try Scratch()
    for name in names {
      for number in 1...(name == names[0] ? 11 : 2) {
        try write(name, number, (0..<40).map { Event($0, 8 * number, $0 % 2) })
      }
    }
    try scratch.write("cifar10-dvs/bird/readme.txt", [1])
    try scratch.write("cifar10-dvs/bird/.hidden.aedat", [1])
  }

  private func path(_ name: String, _ number: Int) -> String {
    "cifar10-dvs/\(name)/cifar10_\(name)_\(number).aedat"
  }

  private func write(_ name: String, _ number: Int, _ events: [Event]) throws {
    try scratch.write(path(name, number), recording(events))
  }

  private func load(
    _ steps: Int = 4, _ normalization: Normalization? = nil, _ augmentation: Augmentation? = nil
  ) throws -> DataSplit {
    try DataSplit.load(
      source: .cifar10DVS, forwardSteps: steps, normalization: normalization,
      augmentation: augmentation, directory: scratch.path,
      environment: ["XDG_CACHE_HOME": scratch("cache")])
  }

  private func values(_ set: any SampleSource, _ index: Int, seed: UInt64? = nil) -> [Float] {
    var buffer = [Float](repeating: .nan, count: set.frames * set.shape.count)
    set.read(index, augmentation: seed, into: &buffer)
    return buffer
  }

  private var entries: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(
        atPath: scratch("cache/spide-tui/cifar10-dvs")
      ).sorted()
    }
  }

  @Test func splitsEachClassInTheOrderOfBytes() throws {
    let split = try load()
    try #require(split.train.count == 18 && split.test.count == 11)
    #expect((0..<18).map(split.train.label) == [Int](repeating: 0, count: 9) + Array(1...9))
    #expect((0..<11).map(split.test.label) == [0, 0] + Array(1...9))
    #expect(split.train.classNames == names && split.train.shape == DataSource.cifar10DVS.shape)
    // 8 rows of the camera are 3 of a frame: the row tells the file.
    func file(_ set: any SampleSource, _ index: Int) -> Int? {
      set.signal(index).mean.firstIndex { $0 > 0 }.map { $0 % 2304 / 48 / 3 }
    }
    #expect((0..<9).map { file(split.train, $0) } == [1, 10, 11, 2, 3, 4, 5, 6, 7])
    #expect((0..<3).map { file(split.test, $0) } == [8, 9, 2])
    #expect(split.failure == nil)
  }

  @Test func aSampleHasAFrameForEachStep() throws {
    for steps in [1, 4, 7, 100] {
      let split = try load(steps)
      #expect(split.train.frames == steps)
      // Each event adds 9/64 to the sum: it covers one of 64/9 old pixels for each new one.
      let sums = (0..<steps).map { frame in
        values(split.train, 0)[frame * 4608..<(frame + 1) * 4608].reduce(0, +) * 64 / 9
      }
      let share = 40 / steps
      let expected = [Int](repeating: share, count: steps - 1) + [40 - share * (steps - 1)]
      #expect(sums == expected.map(Float.init))
    }
    let split = try load(4)
    let more = split.with(forwardSteps: 5)
    #expect(more.train.frames == 5 && more.test.frames == 5 && split.train.frames == 4)
    #expect(values(more.test, 3) == values(try load(5).test, 3))
    let digits = try DigitsData.load().with(forwardSteps: 5)
    #expect(digits.train.frames == 1)
  }

  @Test func normalizesEachPolarity() throws {
    let plain = values(try load().test, 1)
    let normalized = values(try load(4, .init(mean: [1, 2], std: [2, 4])).test, 1)
    for index in plain.indices {
      let isSecond = index / 2304 % 2 == 1
      #expect(normalized[index] == (plain[index] - (isSecond ? 2 : 1)) / (isSecond ? 4 : 2))
    }
    expectFailure(.badData, "cifar10-dvs: normalize has 1 numbers in mean; expected 2") {
      _ = try load(4, .init(mean: [1], std: [2]))
    }
  }

  @Test func oneCropHoldsForAllFrames() throws {
    let augmentation = Augmentation(cropPadding: 4, horizontalFlip: true)
    let split = try load(4, nil, augmentation)
    let plain = values(split.train, 0)
    for seed in UInt64(0)..<40 {
      let draw = AugmentationDraw(augmentation, seed: seed)
      var expected = plain
      for index in plain.indices {
        let (row, column) = (index / 48 % 48, index % 48)
        let source = (
          row + draw.rowShift, (draw.isFlipped ? 47 - column : column) + draw.columnShift
        )
        let isInside = (0..<48).contains(source.0) && (0..<48).contains(source.1)
        expected[index] = isInside ? plain[index - index % 2304 + source.0 * 48 + source.1] : 0
      }
      #expect(values(split.train, 0, seed: seed) == expected)
      #expect(values(split.test, 0, seed: seed) == values(split.test, 0))
    }
  }

  @Test func damagedAndStaleEntriesAreMadeAnew() throws {
    let split = try load()
    let frames = values(split.test, 0)
    #expect(frames.contains { $0 > 0 })
    let entry = try #require(try entries.first)
    let file = "cache/spide-tui/cifar10-dvs/\(entry)"
    let whole = try scratch.bytes(file)
    for damage in 0..<4 {
      var bytes = whole
      switch damage {
      case 0: bytes[bytes.count / 2] ^= 1
      case 1: bytes.removeLast(9)
      case 2: bytes = []
      default: bytes += [0]
      }
      try scratch.write(file, bytes)
      #expect(values(split.test, 0) == frames)
      #expect(try scratch.bytes(file) == whole, "the entry is whole again")
    }
    // Of another file under the same name nothing is known.
    try write(names[0], 8, [Event(0, 0, 1)])
    #expect(values(split.test, 0) != frames)
    #expect(try entries.count == 1)
    // A folder in the entry's place cannot be replaced, and does not matter.
    try FileManager.default.removeItem(atPath: scratch(file))
    try scratch.write("\(file)/x", [])
    #expect(values(split.test, 0).reduce(0, +) * 64 / 9 == 1)
    #expect(split.failure == nil)
  }

  @Test func anEntryIsUsedWhereItFits() throws {
    let split = try load()
    let recording = scratch(path(names[0], 8))
    let resolved = try #require(realpath(recording, nil))
    defer { free(resolved) }
    var status = stat()
    #expect(stat(recording, &status) == 0)
    let key = FrameCache.Key(
      path: String(cString: resolved), status: status, frames: 4, count: 4 * 4608)
    FrameCache(environment: ["XDG_CACHE_HOME": scratch("cache")])
      .write([UInt32](repeating: 128, count: 4 * 4608), key)
    #expect(values(split.test, 0) == [Float](repeating: 2, count: 4 * 4608))
  }

  @Test func threadsReadTheSame() async throws {
    let augmentation = Augmentation(cropPadding: 4, horizontalFlip: false)
    let split = try load(4, nil, augmentation)
    let expected = (0..<18).map { values(split.train, $0, seed: UInt64($0)) }
    try FileManager.default.removeItem(atPath: scratch("cache"))
    let buffers = await withTaskGroup(of: (Int, [Float]).self) { group in
      for index in 0..<72 {
        group.addTask {
          var buffer = [Float](repeating: 0, count: 4 * 4608)
          split.train.read(index % 18, augmentation: UInt64(index % 18), into: &buffer)
          return (index % 18, buffer)
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(buffers.allSatisfy { expected[$0.0] == $0.1 })
  }

  @Test func aFileThatTurnsBadIsNoted() throws {
    let split = try load()
    let victim = scratch(path(names[0], 8))
    let good = values(split.test, 1)
    try scratch.write(
      path(names[0], 8), recording([Event(3, 3, 1)]) { index, word in word | 0x8000 })
    #expect(values(split.test, 0).allSatisfy { $0 == 0 })
    let failure = try #require(split.failure)
    #expect(failure.kind == .badData && failure.description.contains("event 0 has the address"))
    #expect(failure.path.hasSuffix("cifar10_airplane_8.aedat"))
    #expect(split.with(forwardSteps: 3).failure == failure)
    #expect(values(split.test, 1) == good, "the other samples stay readable")
    // The first failure stays.
    try FileManager.default.removeItem(atPath: victim)
    #expect(values(split.test, 0).allSatisfy { $0 == 0 })
    #expect(split.failure == failure)
  }

  @Test func aFileThatVanishesIsNoted() throws {
    let split = try load()
    try FileManager.default.removeItem(atPath: scratch(path(names[0], 8)))
    _ = values(split.test, 0)
    #expect(split.failure?.kind == .missingInput)
    #expect(split.failure?.problem == "No such file or directory")
  }

  @Test func everyFileIsCheckedWhenTheSetIsLoaded() throws {
    let file = path("frog", 2)
    for (bytes, problem) in [
      ([], "0 bytes"), (recording([]), "no events"), (recording([Event(0, 0, 0)]) + [1], "9 bytes"),
    ] {
      try scratch.write(file, bytes)
      expectFailure(.badData, "cifar10_frog_2.aedat: ", problem) { _ = try load() }
    }
    if getuid() != 0 {
      chmod(scratch(file), 0)
      expectFailure(.missingInput, "cifar10_frog_2.aedat: Permission denied") { _ = try load() }
    }
    try FileManager.default.removeItem(atPath: scratch(file))
    expectFailure(.missingInput, "dvs/frog: 1 .aedat files; expected a folder with at least two") {
      _ = try load()
    }
    try scratch.write("\(file)/x", [])
    expectFailure(.missingInput, "cifar10_frog_2.aedat: Is a directory") { _ = try load() }
    try FileManager.default.removeItem(atPath: scratch(file))
    mkfifo(scratch(file), 0o600)
    expectFailure(.missingInput, "cifar10_frog_2.aedat: Invalid argument") { _ = try load() }
    try FileManager.default.removeItem(atPath: scratch("cifar10-dvs/frog"))
    expectFailure(
      .missingInput, scratch("cifar10-dvs/frog: no such file"), names.joined(separator: ", "),
      "looked in \(scratch("cifar10-dvs")), \(scratch.path)"
    ) { _ = try load() }
    try scratch.write("cifar10-dvs/frog", [])
    expectFailure(.missingInput, scratch("cifar10-dvs/frog: Not a directory")) { _ = try load() }
  }
}
