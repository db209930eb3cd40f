import Foundation
import SpideData
import SpideEngine
import Testing

@Suite struct EventSetTests {
  private let names = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
  ]
  private let scratch: Scratch

  /// Numbers of the first class's recordings; the others have the first and the last of them.
  private let numbers = [1, 2, 10, 100, 899, 900, 908, 999, 1000]

  /// Nine recordings for the first class and two for each other; the `n`th of these numbers has events in row `8 n`
  /// alone.
  init() throws {
    scratch = try Scratch()
    for name in names {
      for number in name == names[0] ? numbers : [1, 900] {
        let row = try #require(numbers.firstIndex(of: number)) + 1
        try write(name, number, (0..<40).map { Event($0, 8 * row, $0 % 2) })
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
    _ steps: Int = 4, _ normalization: Normalization? = nil, _ augmentation: Augmentation? = nil,
    _ frames: EventFrames = .counts
  ) throws -> DataSplit {
    try DataSet.cifar10DVS.load(
      forwardSteps: steps, normalization: normalization,
      augmentation: augmentation, frames: frames, directory: scratch.path,
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

  /// Published numbers say which part a recording is of; `_10` comes after `_2`.
  @Test func splitsEachClassByNumber() throws {
    let split = try load()
    try #require(split.train.count == 15 && split.test.count == 12)
    #expect((0..<15).map(split.train.label) == [Int](repeating: 0, count: 6) + Array(1...9))
    #expect((0..<12).map(split.test.label) == [0, 0, 0] + Array(1...9))
    #expect(split.train.classNames == names && split.train.shape == DataSet.cifar10DVS.shape)
    // 8 rows of the camera are 3 of a frame: the row tells the file.
    func number(_ set: any SampleSource, _ index: Int) -> Int? {
      set.signal(index).mean.firstIndex { $0 > 0 }.map { numbers[$0 % 2304 / 48 / 3 - 1] }
    }
    #expect((0..<7).map { number(split.train, $0) } == [1, 2, 10, 100, 899, 1000, 1])
    #expect((0..<4).map { number(split.test, $0) } == [900, 908, 999, 900])
    #expect(split.failure == nil)
  }

  @Test(arguments: [
    ("x.aedat", false), ("cifar10.aedat", false), ("cifar10_airplane.aedat", false),
    ("cifar10_airplane_.aedat", false), ("cifar10_airplane_9 0.aedat", false),
    ("cifar10_airplane_-1.aedat", false), ("cifar10_airplane_٩٠٠.aedat", false),
    ("7.aedat", true), ("a_0.aedat", true), ("a_00950.aedat", true),
    ("a_99999999999999999999999.aedat", true), ("9.aedat", true), ("a_95.aedat", true),
    ("a_0095.aedat", true), ("a_9000.aedat", true),
  ])
  func namesHaveANumber(name: String, isGood: Bool) throws {
    try scratch.write("cifar10-dvs/cat/\(name)", recording([Event(0, 0, 0)]))
    guard !isGood else {
      let isTest = name == "a_00950.aedat"
      let split = try load()
      #expect(split.train.count == (isTest ? 15 : 16) && split.test.count == (isTest ? 13 : 12))
      return
    }
    expectFailure(
      .badData, scratch("cifar10-dvs/cat/\(name): no number in its name; expected a name such as")
    ) { _ = try load() }
  }

  @Test func authorsFramesAreKeptApartFromCounts() throws {
    let counts = values(try load().test, 1)
    let pictures = values(try load(4, nil, nil, .authors).test, 1)
    // Ten events of a row, of either polarity in turn: 32/9 of a white pixel at most lie in a new one's triangle.
    #expect(pictures != counts && pictures.contains { $0 > 0 } && pictures.allSatisfy { $0 <= 1 })
    #expect(pictures.allSatisfy { ($0 * 255).rounded() / 255 == $0 })
    #expect(try entries.count == 2)
    // Out of the cache they are the same.
    #expect(values(try load().test, 1) == counts)
    #expect(values(try load(4, nil, nil, .authors).test, 1) == pictures)
    let again = try load(5, nil, nil, .authors).with(forwardSteps: 4)
    #expect(values(again.test, 1) == pictures)
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
    let digits = try DataSet.digits.load(forwardSteps: 1, environment: [:]).with(forwardSteps: 5)
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
    try write(names[0], 900, [Event(0, 0, 1)])
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
    let recording = scratch(path(names[0], 900))
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
    let expected = (0..<15).map { values(split.train, $0, seed: UInt64($0)) }
    try FileManager.default.removeItem(atPath: scratch("cache"))
    let buffers = await withTaskGroup(of: (Int, [Float]).self) { group in
      for index in 0..<72 {
        group.addTask {
          var buffer = [Float](repeating: 0, count: 4 * 4608)
          split.train.read(index % 15, augmentation: UInt64(index % 15), into: &buffer)
          return (index % 15, buffer)
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(buffers.allSatisfy { expected[$0.0] == $0.1 })
  }

  @Test func aFileThatTurnsBadIsNoted() throws {
    let split = try load()
    let victim = scratch(path(names[0], 900))
    let good = values(split.test, 1)
    try scratch.write(path(names[0], 900), recording([]))
    #expect(values(split.test, 0).allSatisfy { $0 == 0 })
    let failure = try #require(split.failure)
    #expect(failure.kind == .badData && failure.description.contains("no events"))
    #expect(failure.path.hasSuffix("cifar10_airplane_900.aedat"))
    #expect(split.with(forwardSteps: 3).failure == failure)
    #expect(values(split.test, 1) == good, "the other samples stay readable")
    // The first failure stays.
    try FileManager.default.removeItem(atPath: victim)
    #expect(values(split.test, 0).allSatisfy { $0 == 0 })
    #expect(split.failure == failure)
  }

  @Test func aFileThatVanishesIsNoted() throws {
    let split = try load()
    try FileManager.default.removeItem(atPath: scratch(path(names[0], 900)))
    _ = values(split.test, 0)
    #expect(split.failure?.kind == .missingInput)
    #expect(split.failure?.problem == "No such file or directory")
  }

  @Test func everyFileIsCheckedWhenTheSetIsLoaded() throws {
    let file = path("frog", 900)
    for (bytes, problem) in [
      ([], "0 bytes"), (recording([]), "no events"), (recording([Event(0, 0, 0)]) + [1], "9 bytes"),
    ] {
      try scratch.write(file, bytes)
      expectFailure(.badData, "cifar10_frog_900.aedat: ", problem) { _ = try load() }
    }
    if getuid() != 0 {
      chmod(scratch(file), 0)
      expectFailure(.missingInput, "cifar10_frog_900.aedat: Permission denied") { _ = try load() }
    }
    try FileManager.default.removeItem(atPath: scratch(file))
    expectFailure(.missingInput, "dvs/frog: no recording to test; expected at least one numbered") {
      _ = try load()
    }
    try FileManager.default.removeItem(atPath: scratch(path("frog", 1)))
    expectFailure(.missingInput, "dvs/frog: no .aedat files; expected at least one recording") {
      _ = try load()
    }
    try write("frog", 999, [Event(0, 0, 0)])
    expectFailure(.missingInput, "dvs/frog: no recording to train on; expected at least one with") {
      _ = try load()
    }
    try write("frog", 1, [Event(0, 0, 0)])
    try scratch.write("\(file)/x", [])
    expectFailure(.missingInput, "cifar10_frog_900.aedat: Is a directory") { _ = try load() }
    try FileManager.default.removeItem(atPath: scratch(file))
    mkfifo(scratch(file), 0o600)
    expectFailure(.missingInput, "cifar10_frog_900.aedat: it is no regular file") { _ = try load() }
    try FileManager.default.removeItem(atPath: scratch("cifar10-dvs/frog"))
    expectFailure(
      .missingInput, scratch("cifar10-dvs/frog: no such file"), names.joined(separator: ", "),
      "looked in \(scratch("cifar10-dvs")), \(scratch.path)"
    ) { _ = try load() }
    try scratch.write("cifar10-dvs/frog", [])
    expectFailure(.missingInput, scratch("cifar10-dvs/frog: Not a directory")) { _ = try load() }
  }
}
