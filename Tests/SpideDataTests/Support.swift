import Foundation
import SpideData
import SpideEngine
import Testing

/// A folder of a test's own that goes when the test does.
final class Scratch {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "spide-data-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a file in the folder.
  func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file, with the folders above it, and gives its path.
  @discardableResult func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let url = URL(fileURLWithPath: self(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
    return self(name)
  }

  func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: self(name))), as: UTF8.self)
  }

  func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: self(name))))
  }

  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  }
}

/// Expects `body` to fail with that kind and with a description that has all of `parts` on its one line.
func expectFailure(
  _ kind: DataError.Kind, _ parts: String..., location: SourceLocation = #_sourceLocation,
  _ body: () throws -> Void
) {
  let error = #expect(throws: DataError.self, sourceLocation: location) { try body() }
  guard let error else { return }
  #expect(error.kind == kind, sourceLocation: location)
  #expect(!error.description.contains("\n"), sourceLocation: location)
  for part in parts {
    #expect(error.description.contains(part), "\(error)", sourceLocation: location)
  }
}

/// Where whole data sets are, for the tests that need one; nil where the machine has none.
let sharedData = ProcessInfo.processInfo.environment["SPIDE_DATA"]

/// Random numbers that a seed determines, so that a failing case can be run again.
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    let mixed = (state ^ (state >> 33)) &* 0xFF51_AFD7_ED55_8CCD
    return mixed ^ (mixed >> 33)
  }
}

/// The bytes of an IDX file.
func idxFile(_ dimensions: [Int], _ values: [UInt8]) -> [UInt8] {
  [0, 0, 8, UInt8(dimensions.count)]
    + dimensions.flatMap { size in (0..<4).reversed().map { UInt8(size >> (8 * $0) & 255) } }
    + values
}

/// The bytes of a safetensors file with any header.
func safetensors(_ header: String, data: Int = 0) -> [UInt8] {
  let text = Array(header.utf8)
  return (0..<8).map { UInt8(text.count >> (8 * $0) & 255) } + text
    + [UInt8](repeating: 0, count: data)
}

/// A small network with a convolution, a pool, dense links and a feedback without bias.
func smallPlan() throws -> NetworkPlan {
  try NetworkPlan(
    inputShape: LayerShape(channels: 1, height: 4, width: 4), classes: 3,
    input: Link(.convolution(channels: 2, kernel: 3, stride: 2, padding: 1)),
    links: [Link(.convolution(channels: 4, kernel: 3, stride: 2, padding: 1))],
    feedback: Link(
      .transposedConvolution(channels: 2, kernel: 3, stride: 2, padding: 1, outputPadding: 1),
      hasBias: false), feedbackMaxNorm: 2)
}

/// Weights that are all different.
func smallWeights(_ plan: NetworkPlan) -> Parameters {
  var weights = Parameters(zerosFor: plan)
  for tensor in weights.values.indices {
    for index in weights.values[tensor].indices {
      weights.values[tensor][index] = Float(tensor) + Float(index) / 1024
    }
  }
  return weights
}
