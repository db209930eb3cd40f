import Foundation
import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment
import SpideTUI
import Testing

/// What panels show, and what a click in them means, where no golden picture looks.
@Suite struct PanelContentTests {
  /// Where a text stands on the screen first, among some columns.
  private func place(
    _ text: String, _ driver: Driver, columns: Range<Int> = 0..<120
  ) throws -> (x: Int, y: Int) {
    let lines = driver.text.split(separator: "\n", omittingEmptySubsequences: false)
    for (y, line) in lines.enumerated() {
      let part = String(line.prefix(columns.upperBound).dropFirst(columns.lowerBound))
      guard let found = part.firstRange(of: text) else { continue }
      return (columns.lowerBound + part.distance(from: part.startIndex, to: found.lowerBound), y)
    }
    throw Failure("no \(text) in \(driver.text)")
  }

  private func click(_ x: Int, _ y: Int, _ driver: inout Driver) {
    driver.send(.input(.mouse(MouseEvent(.press, button: .left, x: x, y: y))))
  }

  /// A panel by itself, of any size.
  private func drawn(_ panel: PanelID, _ driver: Driver, _ width: Int, _ height: Int) -> Canvas {
    var canvas = Canvas(width: width, height: height)
    driver.model.draw(panel, in: canvas.bounds, on: &canvas)
    return canvas
  }

  /// A screen of somebody's own, of the network and the rasters of both stages.
  private func rasters() throws -> Driver {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("spide-panels-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let text = """
      name: rasters
      title: Rasters
      key: 9
      layout:
        columns:
          - { width: 24, panel: network }
          - rows: [ { panel: forward-raster }, { panel: backward-raster } ]
      """
    try text.write(
      to: folder.appendingPathComponent("rasters.yaml"), atomically: true, encoding: .utf8)
    var driver = try Driver(screens: Driver.library(userDirectory: folder.path).arranged())
    driver.type("9")
    return driver
  }

  // MARK: Clicks

  /// Both rows of a layer are its own.
  @Test func aClickOnTheNetworkSelectsTheLayerOfItsRow() throws {
    var driver = try rasters()
    driver.type("f")
    let inside = 1..<23
    for layer in [0, 1] {
      let row = try place("L\(layer) ", driver, columns: inside).y
      #expect(try place("▴▾", driver, columns: inside).y == row + 1 || layer == 1)
      for y in [row, row + 1] {
        driver.type("/L\(1 - layer)<enter>")
        #expect(driver.model.session.watched.layer == 1 - layer)
        click(3, y, &driver)
        #expect(driver.model.session.watched.layer == layer, "row \(y)")
      }
    }
  }

  /// A click on a raster goes to the step of its own stage, and to the neuron of its row.
  @Test func aClickOnARasterGoesToItsStage() throws {
    var driver = try rasters()
    driver.type("f/L1<enter>")
    // A number of two digits, a pointer and a blank stand before the first step.
    let backward = try place("Backward spikes", driver)
    click(backward.x - 1 + 4, backward.y + 2, &driver)
    #expect(driver.model.session.moment == .backward(1))
    let caption = driver.text.split(separator: "\n").last { $0.contains(" neurons a row") }
    let words = caption?.split(separator: " ") ?? []
    let perRow = try #require(
      words.firstIndex(of: "neurons").flatMap { Int(words[$0 - 1].filter(\.isNumber)) })
    #expect(driver.model.session.watched == UnitID(layer: 1, unit: perRow))
    let forward = try place("Forward spikes", driver)
    click(forward.x - 1 + 4, forward.y + 1, &driver)
    #expect(driver.model.session.moment == .forward(1))
    #expect(driver.model.session.watched == UnitID(layer: 1, unit: 0))
  }

  /// Where not all layers are in sight, a click selects the one that stands there.
  @Test func aClickOnAListOfLayersSelectsTheOneInItsRow() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("spide-panels-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try "name: layers\ntitle: Layers\nkey: 9\nlayout: { panel: layer-errors }\n".write(
      to: folder.appendingPathComponent("layers.yaml"), atomically: true, encoding: .utf8)
    let links = [String](repeating: "{ dense: { units: 8 } }", count: 6).joined(separator: ", ")
    var driver = try Driver(
      overrides: ["network.links=[\(links)]"], height: 10,
      screens: Driver.library(userDirectory: folder.path).arranged())
    driver.type("9/L6<enter>")
    let names = (0...6).filter { driver.text.contains("L\($0) ") }
    #expect(names.count > 1 && names.last == 6 && !names.contains(0), "\(driver.text)")
    let layer = try #require(names.first)
    let row = try place("L\(layer) ", driver).y
    click(10, row, &driver)
    #expect(driver.model.session.watched.layer == layer)
  }

  // MARK: What they show

  /// The last batch of an epoch is smaller than the others; operations are those of one of its own samples.
  @Test func operationsAreThoseOfASampleOfTheLastBatch() throws {
    var driver = try Driver()
    driver.type("4<tab><tab><tab><tab>z")
    try driver.train(batches: 23)
    let preset = driver.model.preset
    let trainer = Trainer(
      plan: preset.network, dynamics: preset.dynamics, training: preset.training,
      trainSet: try Driver.data(preset).train, testSet: nil, seed: 1, threads: 1)
    var last = trainer.trainBatch()
    while !trainer.epochIsComplete { last = trainer.trainBatch() }
    #expect(last.samples == 30)
    let operations = Words.count(last.synapticOperations / last.samples)
    #expect(driver.text.contains("operations     \(operations) a sample"), "\(driver.text)")
  }

  /// A change after the first of two epochs is marked in the middle of the curves.
  @Test func changesAreMarkedWhereTheyWere() throws {
    var driver = try Driver()
    try driver.train(batches: 23)
    driver.type("rt")
    guard case .training(.run(let start))? = driver.lastEffect else {
      Issue.record("t started nothing")
      return
    }
    driver.train(start, batches: 23)
    let canvas = drawn("loss", driver, 60, 12)
    let marked = (0..<60).filter { x in
      (3..<9).contains { canvas[x, $0].style.tone == .threshold }
    }
    #expect(marked.count == 1 && (28...36).contains(marked.first ?? 0), "\(canvas.text)")
  }

  /// The couple of neurons has a reset of either sign.
  @Test func theResetsOfACoupleHaveBothSigns() throws {
    var driver = try Driver()
    driver.type(":reset backward -0.2<enter>f")
    let text = drawn("neuron-potential", driver, 120, 30).text
    #expect(text.contains(" reset −0.2") && text.contains("−reset 0.2"), "\(text)")
  }

  /// The rows of a kernel are rows.
  @Test func weightsOfOneChannelAreNotTransposed() throws {
    let preset = try Driver.preset("digits-conv")
    var parameters = Parameters(zerosFor: preset.network)
    parameters["input.weight"] = parameters["input.weight"].map { kernels in
      kernels.indices.map { $0 < 3 ? 1 : 0 }
    }
    let driver = Driver(
      preset, data: try Driver.data(preset),
      weights: LoadedWeights(parameters: parameters, path: "w.safetensors"))
    let canvas = drawn("neuron-weights", driver, 12, 3)
    for y in 0..<3 {
      let filled = (0..<12).filter { canvas[$0, y] != .blank }.count
      #expect(filled == (y == 0 ? 6 : 0), "\(canvas.text)")
    }
  }

  /// Pictures whose green is bright on the left, and nothing else.
  private struct Green: SampleSource {
    let shape = LayerShape(channels: 3, height: 32, width: 32)
    let classNames = (0..<10).map { "\($0)" }
    let count = 2
    let frames = 1
    func label(_ index: Int) -> Int { index }
    func read(_ index: Int, augmentation: UInt64?, into buffer: inout [Float]) {
      for place in buffer.indices {
        buffer[place] = place / 1024 == 1 && place % 32 < 16 ? 1 : 0
      }
    }
  }

  /// Every channel of a picture counts.
  @Test func aPictureInColourIsItsMean() throws {
    let preset = try Driver.preset(
      "cifar10-alexnet-f", overrides: ["network={ input: { dense: { units: 4 } } }"])
    let driver = Driver(preset, data: DataSplit(train: Green(), test: Green()))
    let canvas = drawn("input", driver, 64, 32)
    #expect(canvas[10, 10] != canvas[50, 10] && canvas[10, 10] == canvas[20, 20])
  }
}
