import Foundation
import SpideConfiguration
import SpideData
import SpideEngine
import Testing

/// The authors' names and shapes, against those that their program printed for three of its networks.
@Suite struct AuthorsStateDictTests {
  static let networks = ["mnist-lenet", "mnist-convnet-f", "cifar10-alexnet-f"]

  private static func plan(_ preset: String) throws -> NetworkPlan {
    try PresetLibrary(userDirectory: nil, dataSets: DataSet.forms).find(preset).network
  }

  /// Name and shape of every tensor of a network in the file beside the tests.
  private static func printed(_ network: String) throws -> [String: [Int]] {
    let path = try resource("authors-state-dict.json", in: "Interchange")
    let json = try JSON(parsing: Data(contentsOf: URL(fileURLWithPath: path)))
    guard case .object(let tensors)? = json[network] else {
      throw CocoaError(.fileReadCorruptFile)
    }
    return Dictionary(
      uniqueKeysWithValues: tensors.map { name, shape in
        guard case .array(let sizes) = shape else { return (name, []) }
        return (name, sizes.map { if case .int(let size) = $0 { size } else { -1 } })
      })
  }

  @Test(arguments: networks) func namesShapesAndRoundTrip(network: String) throws {
    let scratch = try Scratch()
    let plan = try Self.plan(network)
    let weights = Parameters(initial: .kaiming, plan: plan, seed: 3)
    let stateDict = try AuthorsStateDict(plan, network: network)
    try stateDict.save(weights, to: scratch("a"))
    let file = try SafetensorsFile(path: scratch("a"))
    let shapes = Dictionary(uniqueKeysWithValues: file.tensors.map { ($0.name, $0.shape) })
    #expect(try shapes == Self.printed(network))
    let loaded = try stateDict.load(scratch("a"))
    #expect(
      loaded.values.map { $0.map(\.bitPattern) } == weights.values.map { $0.map(\.bitPattern) })
    #expect(loaded.specifications == weights.specifications)
  }

  /// What the three cases leave open, from the authors' model for event cameras: with no link but the feedback, that
  /// one has no number.
  @Test func aFeedbackAloneHasNoNumber() throws {
    let names = try AuthorsStateDict(
      Self.plan("cifar10-dvs-convnet-f"), network: "cifar10-dvs-convnet-f"
    ).names
    #expect(
      names.map { $0[0] } == [
        "network_x.conv.weight", "network_x.conv.bias", "network_s.conv.weight_w",
        "classifier.weight", "classifier.bias",
      ])
    #expect(
      names[2] == [
        "network_s.conv.weight_w", "snn_func.network_s_list.0.conv.weight_w",
        "snn_spide_conv.snn_func.network_s_list.0.conv.weight_w",
      ])
  }

  /// Their dense layer, onto feature maps: of a unit's own bias each, as ours.
  @Test func aDenseFeedbackOntoMaps() throws {
    let plan = try Self.plan(
      links: [Link(.dense(units: 4))], feedback: Link(.dense(units: 72)))
    let stateDict = try AuthorsStateDict(plan, network: "x")
    #expect(
      stateDict.names[4] == [
        "network_s2.fc.weight_w", "snn_func.network_s_list.1.fc.weight_w",
        "snn_spide_conv.snn_func.network_s_list.1.fc.weight_w",
      ])
    #expect(stateDict.names[5][0] == "network_s2.fc.bias")
    #expect(plan.parameters[4].shape == [72, 4] && plan.parameters[5].shape == [72])
    let scratch = try Scratch()
    try stateDict.save(smallWeights(plan), to: scratch("w"))
    #expect(try stateDict.load(scratch("w")) == smallWeights(plan))
  }

  private static let convolution = Link(
    .convolution(channels: 2, kernel: 3, stride: 1, padding: 1))
  private static let feedback = Link(
    .convolution(channels: 2, kernel: 3, stride: 1, padding: 1), hasBias: false)

  private static func plan(
    input: Link = convolution, links: [Link] = [], feedback: Link? = nil,
    maxNorm: Float? = 2
  ) throws -> NetworkPlan {
    try NetworkPlan(
      inputShape: LayerShape(channels: 1, height: 6, width: 6), classes: 2, input: input,
      links: links, feedback: feedback, feedbackMaxNorm: maxNorm)
  }

  @Test func poolsCountInTheListsAlone() throws {
    let plan = try Self.plan(
      links: [Link(.averagePool(size: 2)), Link(.dense(units: 4), hasBias: false)])
    #expect(
      try AuthorsStateDict(plan, network: "x").names[2] == [
        "network_s1.fc.weight", "snn_func.network_s_list.1.fc.weight",
        "snn_spide_conv.snn_func.network_s_list.1.fc.weight",
      ])
  }

  @Test func networksThatTheirProgramCannotExpress() throws {
    let pool = Link(.averagePool(size: 1))
    let transposed = Link(
      .transposedConvolution(channels: 2, kernel: 3, stride: 1, padding: 1, outputPadding: 0))
    let cases: [(NetworkPlan, String, String)] = [
      (try Self.plan(input: pool), "input is pool 1", "a convolution"),
      (
        try Self.plan(
          input: Link(.dense(units: 4)), feedback: Link(.dense(units: 4))),
        "input is dense", "a convolution"
      ),
      (
        try Self.plan(links: [Link(.averagePool(size: 3))]), "links.0 is pool 3",
        "a convolution, a dense link or a pool of 2"
      ),
      (
        try Self.plan(links: [transposed]), "links.0 is convT 3×3",
        "a convolution, a dense link or a pool of 2"
      ),
      (
        try Self.plan(feedback: Self.feedback, maxNorm: nil), "feedback has no max-norm",
        "max-norm, as 2"
      ),
      (
        try Self.plan(feedback: Link(.dense(units: 72)), maxNorm: nil),
        "feedback has no max-norm", "max-norm, as 2"
      ),
    ]
    for (plan, problem, expected) in cases {
      expectFailure(
        .badData, "net: \(problem), which the authors' program cannot express; expected \(expected)"
      ) { _ = try AuthorsStateDict(plan, network: "net") }
    }
  }

  private typealias Tensor = (name: String, shape: [Int], values: TensorValues)

  /// Loads a file that has the tensors of a small network as `change` leaves them.
  private func load(_ change: (inout [Tensor]) -> Void) throws -> Parameters {
    let scratch = try Scratch()
    let stateDict = try AuthorsStateDict(smallPlan(), network: "small")
    try stateDict.save(smallWeights(smallPlan()), to: scratch("w"))
    let file = try SafetensorsFile(path: scratch("w"))
    var tensors: [Tensor] = file.tensors.compactMap { tensor in
      file.values(of: tensor).map { (tensor.name, tensor.shape, $0) }
    }
    change(&tensors)
    var writer = SafetensorsWriter()
    for tensor in tensors {
      writer.add(name: tensor.name, shape: tensor.shape, values: tensor.values)
    }
    try writer.write(to: scratch("w"))
    return try stateDict.load(scratch("w"))
  }

  /// The first, the second, the third name of every tensor, and any one of them drawn anew for each.
  @Test func oneNameOfEachTensorIsEnough() throws {
    let names = try AuthorsStateDict(smallPlan(), network: "small").names
    var random = Seeded(state: 5)
    for choice in 0..<12 {
      let kept = Set(
        names.map {
          $0[choice < 3 ? min(choice, $0.count - 1) : Int(random.next() % UInt64($0.count))]
        })
      let loaded = try load { $0.removeAll { !kept.contains($0.name) } }
      #expect(try loaded == smallWeights(smallPlan()))
    }
  }

  @Test func namesOfDataParallelModels() throws {
    let loaded = try load { tensors in
      for index in tensors.indices { tensors[index].name = "module." + tensors[index].name }
    }
    #expect(try loaded == smallWeights(smallPlan()))
    expectFailure(.badData, "tensor network_x.conv.weight is missing") {
      _ = try load { tensors in
        for index in tensors.indices.dropLast() {
          tensors[index].name = "module." + tensors[index].name
        }
      }
    }
  }

  @Test func tensorsThatDoNotFitAreNamed() throws {
    func refused(
      _ problem: String, location: SourceLocation = #_sourceLocation,
      _ change: (inout [Tensor]) -> Void
    ) {
      expectFailure(.badData, problem, location: location) { _ = try load(change) }
    }
    refused(
      """
      tensor network_s1.conv.bias is missing; expected it or snn_func.network_s_list.0.conv.bias or \
      snn_spide_conv.snn_func.network_s_list.0.conv.bias, of shape [4]
      """
    ) {
      $0.removeAll { $0.name.hasSuffix("network_s1.conv.bias") || $0.name.hasSuffix("0.conv.bias") }
    }
    refused("tensor network_x.conv.weight is missing") { $0 = [] }
    let copy = "snn_func.network_s_list.1.convT.weight_w"
    refused("tensor \(copy) is [2, 4, 3, 3]; expected [4, 2, 3, 3]") { tensors in
      for index in tensors.indices where tensors[index].name == copy {
        tensors[index].shape = [2, 4, 3, 3]
      }
    }
    refused("tensors network_s2.convT.weight_w and \(copy) differ; expected the same values") {
      tensors in
      for index in tensors.indices where tensors[index].name == copy {
        guard case .float32(var values) = tensors[index].values else { continue }
        values[71] = values[71].nextUp
        tensors[index].values = .float32(values)
      }
    }
    refused("tensor \(copy) has nan at index 0; expected finite numbers") { tensors in
      for index in tensors.indices where tensors[index].name == copy {
        tensors[index].values = .float32(Array(repeating: .nan, count: 72))
      }
    }
    refused("tensor classifier.bias is U8; expected F32") {
      $0[$0.count - 1].values = .uint8([1, 2, 3])
    }
    refused("tensor network_s3.conv.bias does not belong to this network; expected only network_x")
    {
      $0.append(("network_s3.conv.bias", [1], .float32([1])))
    }
    expectFailure(.missingInput, "/nowhere/a: No such file") {
      _ = try AuthorsStateDict(smallPlan(), network: "small").load("/nowhere/a")
    }
  }

  /// A PyTorch model put together as theirs is takes our file strictly, and we take what `save_model` leaves of it. A
  /// feedback asks for its metadata as theirs does: before it is loaded it wants the version that it has noted beside its
  /// weight, and where there is none, a tensor for each single letter of the suffix of the stored weight's name.
  @Test(.enabled(if: Python.hasTorch, "Python cannot import torch and safetensors"))
  func pyTorchLoadsOursAndWeLoadPyTorchs() throws {
    let scratch = try Scratch()
    let stateDict = try AuthorsStateDict(smallPlan(), network: "small")
    try stateDict.save(smallWeights(smallPlan()), to: scratch("ours"))
    let script = """
      import sys, torch
      from torch import nn
      from safetensors.torch import load_file, save_file, save_model
      def note(module, state, prefix, metadata):
          metadata["norm"] = {"version": 1}
      def ask(state, prefix, metadata, strict, missing, unexpected, errors):
          if "norm" not in metadata:
              missing += [k for k in (prefix + "weight_", prefix + "weightw") if k not in state]
      class Link(nn.Module):
          def __init__(self, name, layer, renamed=False):
              super().__init__()
              setattr(self, name, layer)
              if renamed:
                  layer.register_parameter("weight_w", nn.Parameter(layer.weight.data))
                  del layer._parameters["weight"]
                  layer._register_state_dict_hook(note)
                  layer._register_load_state_dict_pre_hook(ask)
      class Model(nn.Module):
          def __init__(self):
              super().__init__()
              self.network_x = Link("conv", nn.Conv2d(1, 2, 3, 2, 1))
              self.network_s1 = Link("conv", nn.Conv2d(2, 4, 3, 2, 1))
              self.network_s2 = Link("convT", nn.ConvTranspose2d(4, 2, 3, 2, 1, 1, bias=False), True)
              self.snn_func = nn.Module()
              self.snn_func.network_s_list = nn.ModuleList([self.network_s1, self.network_s2])
              self.snn_func.network_x = self.network_x
              self.snn_spide_conv = nn.Module()
              self.snn_spide_conv.snn_func = self.snn_func
              self.classifier = nn.Linear(4, 3)
      model = Model()
      try:
          model.load_state_dict(load_file(sys.argv[1]))
      except RuntimeError as error:
          print("weight_" in str(error), "weightw" in str(error))
      state = model.state_dict()
      state.update(load_file(sys.argv[1]))
      print(model.load_state_dict(state))
      save_model(model, sys.argv[2])
      save_file({"module." + k: v.clone() for k, v in model.state_dict().items()}, sys.argv[3])
      """
    let (status, text) = try Python.run(
      script, scratch("ours"), scratch("unique"), scratch("parallel"))
    #expect(status == 0 && text == "True True\n<All keys matched successfully>\n", "\(text)")
    for name in ["unique", "parallel"] {
      #expect(try stateDict.load(scratch(name)) == smallWeights(smallPlan()))
    }
    #expect(try SafetensorsFile(path: scratch("unique")).tensors.count == 7)
  }
}
