import Foundation
import SpideData
import Testing

/// Networks of the authors with fewer channels learn from a few samples of their sets: the loss falls.
@Suite struct LearningTests {
  /// The loss of each epoch.
  private func losses(_ arguments: [String]) throws -> [Double] {
    let output = try ResumeTests.succeed(["train", "--json"] + arguments).output
    guard case .array(let epochs)? = try ResumeTests.json(output)["epochs"] else { return [] }
    return epochs.compactMap { record in
      guard case .double(let loss)? = record["train_loss"] else { return nil }
      return loss
    }
  }

  private static let pictures = ProcessInfo.processInfo.environment["SPIDE_DATA"].flatMap {
    FileManager.default.fileExists(atPath: "\($0)/cifar10/data_batch_1.bin") ? $0 : nil
  }

  @Test(.enabled(if: LearningTests.pictures != nil, "no CIFAR-10 in SPIDE_DATA"))
  func lossFallsOnPictures() throws {
    let channels = [
      "input.convolution", "links.0.convolution", "links.1.convolution", "links.2.convolution",
      "links.3.convolution", "feedback.transposed-convolution",
    ]
    let losses = try losses(
      ["--preset", "cifar10-alexnet-f", "--data", try #require(LearningTests.pictures)]
        + channels.flatMap { ["--set", "network.\($0).channels=12"] } + [
          "--set", "steps.backward=100", "--set", "training.epochs=3", "--set", "training.batch=16",
          "--set", "training.learning-rate.warmup-batches=20",
        ])
    try #require(losses.count == 3)
    #expect(losses[1] < losses[0] && losses[2] < losses[1] && losses[2] < 2.25, "\(losses)")
  }

  /// Ten recordings of each class, whose events lie about a place of its own. The batch is a thirteenth of the preset's and
  /// so is the loss scale, which keeps `g` of one sample as it was.
  @Test func lossFallsOnRecordings() throws {
    let scratch = try TemporaryFolder()
    var noise = UInt64(1)
    func random(_ bound: Int) -> Int {
      noise = noise &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(noise >> 33) % bound
    }
    let classes = [
      "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
    ]
    for (number, name) in classes.enumerated() {
      let folder = scratch.path("cifar10-dvs/\(name)")
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      for file in (0..<9) + [900] {
        var bytes = Data("#!AER-DAT2.0\n".utf8)
        for time in 0..<12000 {
          let (x, y) = (number % 5 * 25 + random(20), number / 5 * 64 + 20 + random(20))
          let address = UInt32(y << 8 | x << 1 | random(2))
          for word in [address, UInt32(time)] {
            withUnsafeBytes(of: word.bigEndian) { bytes.append(contentsOf: $0) }
          }
        }
        try bytes.write(to: URL(fileURLWithPath: "\(folder)/\(file).aedat"))
      }
    }
    let losses = try losses([
      "--preset", "cifar10-dvs-convnet-f", "--data", scratch.path(""),
      "--set", "network.input.convolution.channels=16",
      "--set", "network.feedback.convolution.channels=16", "--set", "training.batch=10",
      "--set", "training.epochs=3", "--set", "training.loss-scale=30",
      "--set", "steps.backward=100",
    ])
    try #require(losses.count == 3)
    #expect(losses[1] < losses[0] && losses[2] < losses[1] && losses[2] < 1, "\(losses)")
  }
}
