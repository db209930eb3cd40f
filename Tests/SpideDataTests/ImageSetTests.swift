import SpideData
import SpideEngine
import Testing

@Suite struct ImageSetTests {
  /// Two images `[2, 3]` with bytes 0 … 5 and 10 … 15, labels 1 and 0.
  private func images() throws -> LabelledImages {
    try LabelledImages(
      images: .parse(idxFile([2, 2, 3], Array(0...5) + Array(10...15)), name: "images"),
      labels: .parse(idxFile([2], [1, 0]), name: "labels"),
      shape: LayerShape(channels: 1, height: 2, width: 3), classNames: ["a", "b"])
  }

  @Test func scalesThenNormalises() throws {
    let set = try ImageSet(
      images(), name: "set", fullScale: 10,
      normalization: Normalization(mean: [0.5], std: [0.25]))
    #expect(set.count == 2 && set.frames == 1 && set.label(0) == 1)
    let expected = (10...15).map { (Float($0) / 10 - 0.5) / 0.25 }
    #expect(set.signal(1) == .constant(expected))
    let plain = try ImageSet(images(), name: "set")
    #expect(plain.signal(0) == .constant((0...5).map { Float($0) / 255 }))
  }

  @Test func augmentationIsAShiftOverBlackAndAFlip() throws {
    let augmentation = Augmentation(cropPadding: 2, horizontalFlip: true)
    let set = try ImageSet(images(), name: "set", fullScale: 1, augmentation: augmentation)
    var buffer = [Float](repeating: 0, count: 6)
    var seen: Set<[Int]> = []
    for seed in UInt64(0)..<500 {
      set.read(1, augmentation: seed, into: &buffer)
      let draw = AugmentationDraw(augmentation, seed: seed)
      seen.insert([draw.rowShift, draw.columnShift, draw.isFlipped ? 1 : 0])
      for row in 0..<2 {
        let line = (0..<3).map { column -> Float in
          let from = (row + draw.rowShift, column + draw.columnShift)
          let isInside = (0..<2).contains(from.0) && (0..<3).contains(from.1)
          return isInside ? Float(10 + from.0 * 3 + from.1) : 0
        }
        #expect(Array(buffer[row * 3..<row * 3 + 3]) == (draw.isFlipped ? line.reversed() : line))
      }
    }
    #expect(seen.count == 5 * 5 * 2, "every shift and flip comes up")
    set.read(1, augmentation: nil, into: &buffer)
    #expect(buffer == [10, 11, 12, 13, 14, 15])
  }

  @Test func seedsGiveTheSameDrawForGood() {
    let crop = Augmentation(cropPadding: 4, horizontalFlip: true)
    let draws = (UInt64(0)..<6).map { seed -> [Int] in
      let draw = AugmentationDraw(crop, seed: seed)
      return [draw.rowShift, draw.columnShift, draw.isFlipped ? 1 : 0]
    }
    // Recorded: a change would make old seeds train differently.
    #expect(draws == [[3, -1, 0], [1, 2, 1], [1, 2, 1], [-3, 2, 1], [-1, 4, 1], [-1, 2, 0]])
    let unflipped = AugmentationDraw(Augmentation(cropPadding: 4, horizontalFlip: false), seed: 0)
    #expect([unflipped.rowShift, unflipped.columnShift] == Array(draws[0][..<2]))
    #expect(!unflipped.isFlipped)
  }

  @Test func refusesFilesThatDoNotFit() throws {
    func load(_ images: [UInt8], _ labels: [UInt8]) throws {
      _ = try LabelledImages(
        images: .parse(images, name: "images"), labels: .parse(labels, name: "labels"),
        shape: LayerShape(channels: 1, height: 1, width: 1), classNames: ["a", "b"])
    }
    expectFailure(.badData, "images: its sizes are [1, 2, 1]; expected [n, 1, 1]") {
      try load(idxFile([1, 2, 1], [0, 0]), idxFile([1], [0]))
    }
    expectFailure(.badData, "images: no images; expected at least one image") {
      try load(idxFile([0, 1, 1], []), idxFile([0], []))
    }
    expectFailure(.badData, "labels: its sizes are [2]; expected [1]") {
      try load(idxFile([1, 1, 1], [0]), idxFile([2], [0, 0]))
    }
    expectFailure(.badData, "labels: label 2 at index 1; expected 0 to 1") {
      try load(idxFile([2, 1, 1], [0, 0]), idxFile([2], [0, 2]))
    }
  }

  @Test func refusesSettingsThatDoNotFit() throws {
    let cases: [(Normalization?, Augmentation?, String)] = [
      (.init(mean: [0, 0], std: [1]), nil, "2 numbers in mean; expected 1"),
      (.init(mean: [0], std: []), nil, "0 numbers in std; expected 1"),
      (.init(mean: [.nan], std: [1]), nil, "finite"),
      (.init(mean: [0], std: [0]), nil, "above 0"),
      (nil, .init(cropPadding: -1, horizontalFlip: false), "crop-padding is -1; expected 0 to 2"),
      (nil, .init(cropPadding: 3, horizontalFlip: false), "crop-padding is 3; expected 0 to 2"),
    ]
    for (normalization, augmentation, problem) in cases {
      expectFailure(.badData, "set: ", problem) {
        _ = try ImageSet(
          images(), name: "set", normalization: normalization, augmentation: augmentation)
      }
    }
  }
}
