import Foundation
import SpideEngine
import Testing

/// One network of the golden set with every intermediate value, computed in double precision and confirmed against PyTorch;
/// those whose feedback is dense onto feature maps or has a bias, and those whose stages differ in their leak, by
/// `Tests/Baseline/golden.py`.
struct GoldenCase: Decodable {
  struct Tensor: Decodable {
    let shape: [Int]
    let data: [Double]
    var floats: [Float] { data.map(Float.init) }
  }
  struct GoldenLink: Decodable {
    let kind: String?
    let weight: Tensor?
    let bias: Tensor?
    let stride: Int?
    let padding: Int?
    let outputPadding: Int?
  }
  struct Expected: Decodable {
    let forwardSpikes: [[[Int]]]
    let forwardPotential: [[[Double]]]
    let firingRate: [[Double]]
    let logits: [Double]
    let loss: Double
    let outputGradient: [Double]
    let backwardSpikes: [[[Int]]]
    let backwardPotential: [[[Double]]]
    let beta: [[Double]]
    let gradients: [String: Tensor]
    let equilibrium: [[Double]]?
    let implicitBeta: [[Double]]?
  }

  let name: String
  let leak: Float
  /// Nil where both stages have one leak.
  let backwardLeak: Float?
  let threshold: Float
  let reset: Float
  let backwardThreshold: Float
  let backwardReset: Float
  let forwardSteps: Int
  let backwardSteps: Int
  let lossScale: Float
  let input: Tensor
  let inputVaries: Bool
  let label: Int
  let layers: [[Int]]
  let inputLink: GoldenLink
  let links: [GoldenLink]
  let classifier: GoldenLink
  let expected: Expected

  static let names = [
    "conv-feedback-if", "conv-feedback-lif", "conv-recurrent-varying-input", "dense-feedback-if",
    "dense-feedback-if-lif", "dense-feedback-lif", "dense-feedback-onto-maps-if",
    "dense-feedback-onto-maps-lif-if", "dense-feedback-zero-reset", "dense-recurrent-custom-reset",
    "dense-recurrent-if", "dense-recurrent-varying-input", "lenet-if", "lenet-zero-reset",
  ]

  static func load(_ name: String) throws -> GoldenCase {
    let file = try #require(
      Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Golden"))
    return try JSONDecoder().decode(GoldenCase.self, from: Data(contentsOf: file))
  }

  /// The network, with its weights under the engine's names.
  func network() throws -> (plan: NetworkPlan, parameters: Parameters, dynamics: Dynamics) {
    func link(_ golden: GoldenLink) throws -> Link {
      let stride = golden.stride ?? 1
      let padding = golden.padding ?? 0
      switch golden.kind {
      case "dense":
        return Link(
          .dense(units: try #require(golden.weight).shape[0]), hasBias: golden.bias != nil)
      case "convolution":
        let shape = try #require(golden.weight).shape
        return Link(
          .convolution(channels: shape[0], kernel: shape[2], stride: stride, padding: padding),
          hasBias: golden.bias != nil)
      case "transposedConvolution":
        let shape = try #require(golden.weight).shape
        return Link(
          .transposedConvolution(
            channels: shape[1], kernel: shape[2], stride: stride, padding: padding,
            outputPadding: golden.outputPadding ?? 0), hasBias: golden.bias != nil)
      default:
        #expect(golden.kind == "averagePool2x2")
        return Link(.averagePool(size: 2))
      }
    }
    let feedback = try #require(links.last)
    let frame = inputVaries ? Array(input.shape.dropFirst()) : input.shape
    let plan = try NetworkPlan(
      inputShape: try #require(LayerShape(dimensions: frame)),
      classes: try #require(classifier.weight).shape[0], input: try link(inputLink),
      links: try links.dropLast().map(link),
      feedback: feedback.kind == "none" ? nil : try link(feedback))
    var parameters = Parameters(zerosFor: plan)
    func set(_ name: String, _ link: GoldenLink) {
      if let weight = link.weight { parameters[name + ".weight"] = weight.floats }
      if let bias = link.bias { parameters[name + ".bias"] = bias.floats }
    }
    set("input", inputLink)
    for (index, link) in links.enumerated() { set(linkName(index), link) }
    set("classifier", classifier)
    let dynamics = Dynamics(
      forward: NeuronParameters(threshold: threshold, reset: .potential(reset), leak: leak),
      backward: NeuronParameters(
        threshold: backwardThreshold, reset: .potential(backwardReset), leak: backwardLeak ?? leak),
      forwardSteps: forwardSteps, backwardSteps: backwardSteps, lossScale: lossScale)
    return (plan, parameters, dynamics)
  }

  /// `link3` of the golden files by the engine's name.
  func linkName(_ index: Int) -> String {
    index == links.count - 1 ? "feedback" : "links.\(index)"
  }

  /// The engine's name of a parameter.
  func parameter(_ name: String) -> String {
    guard let dot = name.firstIndex(of: "."), name.hasPrefix("link"),
      let index = Int(name[name.index(name.startIndex, offsetBy: 4)..<dot])
    else { return name }
    return linkName(index) + name[dot...]
  }

  var signal: InputSignal {
    guard inputVaries else { return .constant(input.floats) }
    let size = input.data.count / input.shape[0]
    return .varying(
      (0..<input.shape[0]).map { Array(input.floats[$0 * size..<($0 + 1) * size]) })
  }
}
