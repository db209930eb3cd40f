import Foundation
import SpideData
import SpideEngine
import Testing

@Suite struct WeightsFileTests {
  @Test func roundTripWithMetadata() throws {
    let scratch = try Scratch()
    let plan = try smallPlan()
    let path = scratch("w.safetensors")
    try WeightsFile.save(smallWeights(plan), metadata: ["epoch": "4"], to: path)
    #expect(try WeightsFile.load(path, plan: plan) == smallWeights(plan))
    let file = try WeightsFile.open(path)
    #expect(file.metadata == ["epoch": "4"])
    #expect(
      file.tensors.map(\.name) == [
        "input.weight", "input.bias", "links.0.weight", "links.0.bias", "feedback.weight",
        "classifier.weight", "classifier.bias",
      ])
  }

  @Test func aCheckpointIsReadableAsWeights() throws {
    let scratch = try Scratch()
    let plan = try smallPlan()
    var writer = SafetensorsWriter()
    writer.add(smallWeights(plan))
    writer.add(smallWeights(plan), prefix: "optimizer.momentum.")
    try writer.write(to: scratch("c"))
    #expect(try WeightsFile.load(scratch("c"), plan: plan) == smallWeights(plan))
    let file = try WeightsFile.open(scratch("c"))
    #expect(try file.parameters(of: plan, prefix: "optimizer.momentum.") == smallWeights(plan))
  }

  /// Writes a file of the plan's tensors as `change` leaves them and expects it to be refused.
  private func expectRefusal(
    _ problem: String, location: SourceLocation = #_sourceLocation,
    _ change: (inout [(name: String, shape: [Int], values: TensorValues)]) -> Void
  ) throws {
    let scratch = try Scratch()
    let plan = try smallPlan()
    var tensors =
      smallWeights(plan).specifications.map {
        ($0.name, $0.shape, TensorValues.float32(Array(repeating: 1, count: $0.count)))
      } as [(name: String, shape: [Int], values: TensorValues)]
    change(&tensors)
    var writer = SafetensorsWriter()
    for tensor in tensors {
      writer.add(name: tensor.name, shape: tensor.shape, values: tensor.values)
    }
    try writer.write(to: scratch("w"))
    expectFailure(.badData, scratch("w"), problem, location: location) {
      _ = try WeightsFile.load(scratch("w"), plan: plan)
    }
  }

  @Test func tensorsThatDoNotFitAreNamed() throws {
    try expectRefusal("tensor links.0.bias is missing; expected it, of shape [4]") {
      $0.remove(at: 3)
    }
    try expectRefusal("tensor input.weight is [2, 1, 9]; expected [2, 1, 3, 3]") {
      $0[0].shape = [2, 1, 9]
    }
    try expectRefusal("tensor links.1.weight does not belong to this network; expected only input")
    {
      $0.append(("links.1.weight", [1], .float32([1])))
    }
    try expectRefusal("tensor input.bias is U8; expected F32") { $0[1].values = .uint8([1, 2]) }
    try expectRefusal("tensor classifier.bias has inf at index 1; expected finite numbers") {
      $0[6].values = .float32([0, .infinity, 0])
    }
  }

  @Test func aFolderStandsForItsNewestFile() throws {
    let scratch = try Scratch()
    let plan = try smallPlan()
    expectFailure(.missingInput, scratch.path, "has no *.safetensors file") {
      _ = try WeightsFile.load(scratch.path, plan: plan)
    }
    for (name, age) in [("a", 30.0), ("b", 10), ("c", 20), ("d", 10)] {
      let path = scratch("\(name).safetensors")
      try WeightsFile.save(smallWeights(plan), metadata: ["name": name], to: path)
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: 1_000_000 - age)], ofItemAtPath: path)
    }
    try scratch.write("newer.txt", [])
    try scratch.write("folder.safetensors/x", [])
    #expect(try WeightsFile.open(scratch.path).metadata["name"] == "d")
    #expect(try WeightsFile.open(scratch("a.safetensors")).metadata["name"] == "a")
  }
}

@Suite struct InputFileTests {
  private func plan(_ shape: LayerShape) throws -> NetworkPlan {
    try NetworkPlan(inputShape: shape, classes: 2, input: Link(.dense(units: 2)), links: [])
  }

  private static let maps = LayerShape(channels: 1, height: 2, width: 2)
  private static let flat = LayerShape(units: 4)

  @Test(
    arguments: [
      (maps, [1, 2, 2], nil), (flat, [4], nil), (maps, [3, 1, 2, 2], nil), (flat, [3, 4], nil),
      (maps, [4], "input is [4]; expected [1, 2, 2], or [3, 1, 2, 2] for"),
      (flat, [1, 2, 2], "expected [4], or [3, 4] for"),
      (maps, [2, 1, 2, 2], "input is [2, 1, 2, 2]"), (maps, [], "input is []"),
    ] as [(LayerShape, [Int], String?)])
  func shapes(shape: LayerShape, stored: [Int], problem: String?) throws {
    let scratch = try Scratch()
    let values = (0..<stored.reduce(1, *)).map { Float($0) - 1.5 }
    var writer = SafetensorsWriter()
    writer.add(name: "input", shape: stored, floats: values)
    try writer.write(to: scratch("x"))
    let plan = try plan(shape)
    if let problem {
      expectFailure(.badData, problem) {
        _ = try InputFile.load(scratch("x"), plan: plan, forwardSteps: 3)
      }
      return
    }
    let signal = try InputFile.load(scratch("x"), plan: plan, forwardSteps: 3)
    if values.count == 4 {
      #expect(signal == .constant(values))
    } else {
      #expect(signal == .varying([0, 4, 8].map { Array(values[$0..<$0 + 4]) }))
    }
  }

  @Test func otherTensorsAreRefused() throws {
    let scratch = try Scratch()
    let cases: [(String, TensorValues, String)] = [
      ("x", .float32([1, 2, 3, 4]), "tensor input is missing; expected it, of shape [4]"),
      ("input", .uint8([1, 2, 3, 4]), "tensor input is U8; expected F32"),
      ("input", .float32([1, 2, .nan, 4]), "nan at index 2"),
    ]
    for (name, values, problem) in cases {
      var writer = SafetensorsWriter()
      writer.add(name: name, shape: [4], values: values)
      try writer.write(to: scratch("x"))
      expectFailure(.badData, problem) {
        _ = try InputFile.load(scratch("x"), plan: plan(Self.flat), forwardSteps: 3)
      }
    }
  }
}
