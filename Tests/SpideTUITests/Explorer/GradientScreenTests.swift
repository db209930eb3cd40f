import Dispatch
import Foundation
import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment
import SpideTUI
import Synchronization
import Testing

/// The gradient screen shows what `inspect` prints.
@Suite struct GradientScreenTests {
  private static let panels: [PanelID] = ["gradient-errors", "layer-errors", "loop"]

  /// What `inspect` would find of the first samples of the test set, or of the shown one.
  private func inspection(_ driver: Driver, samples: Range<Int>) throws -> Inspection {
    let model = driver.model
    let data = try Driver.data(model.preset)
    let found = try #require(
      GradientInspection(
        network: model.session.network, samples: data.test, indices: samples,
        batch: model.preset.training.batch, threads: 2))
    let parameters = Experiment(preset: model.preset, data: data, seed: 1).parameters
    return Inspection(
      found, preset: model.preset, parameters: parameters, isVarying: false)
  }

  /// One panel by itself, large enough for all of it.
  private func text(_ driver: Driver, _ panel: PanelID) -> String {
    var canvas = Canvas(width: 150, height: 60)
    driver.model.draw(panel, in: canvas.bounds, on: &canvas)
    return canvas.text
  }

  private func numbers(_ json: JSON, _ keys: [String], _ write: (Double) -> String) -> [String] {
    keys.map { key in
      switch json[key] {
      case .double(let value)?: write(value)
      case .int(let value)?: String(value)
      default: "–"
      }
    }
  }

  /// All numbers of the screen, as its panels write those of the JSON.
  private func shown(_ json: JSON) throws -> [PanelID: [String]] {
    guard case .array(let layers)? = json["layers"],
      case .array(let parameters)? = json["parameters"]
    else { throw Failure("\(json)") }
    func percent(_ value: Double) -> String { NumberText.percent(value) }
    var (ofLayers, ofParameters): ([String], [String]) = ([], [])
    for layer in layers {
      let measures = [
        "rate_error", "rate_bias", "beta_error", "largest_potential", "forward_rate",
        "backward_rate",
      ]
      ofLayers += numbers(layer, measures, NumberText.short)
      let shares = ["gate_flips", "silent", "below_resolution", "saturated"]
      ofLayers += numbers(layer, shares, percent)
    }
    for parameter in parameters {
      let sizes = [
        "gradient_norm", "exact_norm", "relative_error", "error_forward", "error_gates",
        "error_backward",
      ]
      ofParameters += numbers(parameter, sizes, NumberText.short)
      ofParameters += numbers(parameter, ["cosine"]) { NumberText.fixed($0, decimals: 3) }
    }
    var ofLoop = numbers(json, ["loss"], NumberText.short)
    ofLoop += numbers(json, ["accuracy"], percent)
    if let loop = json["loop"] {
      let keys = ["spectral_radius", "feedback_norm", "feedback_limit", "iterations"]
      ofLoop += numbers(loop, keys, NumberText.short)
    }
    return ["layer-errors": ofLayers, "gradient-errors": ofParameters, "loop": ofLoop]
  }

  @Test(arguments: ["", ">>", "r", "m", ":mean 7<enter>"])
  func everyNumberIsThatOfTheJSON(_ keys: String) throws {
    var driver = try Driver()
    driver.type("2" + keys)
    let samples = keys == "m" ? 0..<64 : keys.hasPrefix(":") ? 0..<7 : keys == ">>" ? 2..<3 : 0..<1
    let json = try inspection(driver, samples: samples).json
    for (panel, numbers) in try shown(json) {
      let text = text(driver, panel)
      let words = Set(text.split { " │\n".contains($0) }.map(String.init))
      for number in numbers {
        #expect(words.contains(number), "\(panel.rawValue): no \(number) in\n\(text)")
      }
      // And nothing else that looks measured: the loss scales and the batch's constants aside.
      let measured = words.filter { $0.contains(".") && $0.last?.isNumber == true }
      let known = Set(numbers)
      let constants = Set(["100", "2.0", "1.0", "0.0100"])
      let scales = Set(
        text.split(separator: "\n").compactMap { line in
          line.range(of: "full at s_c ").map {
            String(line[$0.upperBound...].prefix { $0 != " " && $0 != "│" })
          }
        })
      #expect(measured.subtracting(known).subtracting(constants).subtracting(scales).isEmpty)
    }
  }

  /// The screen has all of it in sight, at three sizes.
  @Test(arguments: [(80, 24), (120, 36), (200, 60)]) func fillsTheScreen(
    _ width: Int, _ height: Int
  )
    throws
  {
    for glyphs in Glyphs.allCases {
      var driver = try Driver(width: width, height: height, glyphs: glyphs)
      driver.type("2f")
      let text = driver.text
      for parameter in driver.model.preset.network.parameters {
        #expect(text.contains(parameter.name), "\(parameter.name) in\n\(text)")
      }
      for word in ["L0", "L1", "radius", "iterations", "cosine", "F step", "B step"] {
        #expect(text.contains(word), "\(word) in\n\(text)")
      }
      // No stretch of blank rows within a frame.
      let rows = text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(2)
      let blank = rows.map { row in row.allSatisfy { " │|┃┆".contains($0) } }
      #expect(!zip(blank, blank.dropFirst()).contains { $0 && $1 }, "\(text)")
    }
  }

  @Test func theSelectionAndTheViewChange() throws {
    var driver = try Driver()
    driver.type("2")
    #expect(driver.text.contains("input.weight after F: forward + gates"))
    driver.type("<down><down>")
    #expect(driver.text.contains("Error of links.0.weight after B steps"))
    driver.type("<down><down><down><down><down><down><down>")
    #expect(driver.text.contains("Error of classifier.bias"))
    #expect(driver.text.contains("m: this sample"))
    driver.type("m")
    #expect(driver.text.contains("m: mean of 64"))
    driver.type("m:mean 5<enter>")
    #expect(driver.text.contains("mean of 5") && driver.text.contains("means over 5 test samples"))
    driver.type(":mean<enter>")
    #expect(driver.text.contains("m: this sample"))
    driver.type(":mean 0<enter>")
    #expect(driver.text.contains("usage: mean"))
    driver.type("<esc>5m")
    #expect(driver.text.contains("nothing here has another view"))
  }

  @Test func whereNothingSettlesItSaysSo() throws {
    var driver = try Driver(
      "digits-recurrent", overrides: ["network.feedback={ dense: { bias: false } }"])
    driver.type("2")
    let parameters = driver.model.preset.network.parameters
    #expect(parameters.contains { $0.name == "feedback.weight" })
    // Weights so large that rates swing.
    let preset = driver.model.preset
    var weights = Parameters(initial: preset.training.initialWeights, plan: preset.network, seed: 1)
    weights["feedback.weight"] = weights["feedback.weight"]?.map { $0 * -40 }
    driver.send(.loaded(.success(LoadedWeights(parameters: weights, path: "/w.safetensors"))))
    let text = driver.text
    #expect(text.contains("no equilibrium"), "\(text)")
    #expect(text.contains("‖spikes‖") && text.contains("measured") && text.contains("never"))
    #expect(text.contains("a rate"))
  }

  // MARK: In the background

  /// Orders are made when they are needed: not for the cursor, not on other screens.
  @Test func ordersOnlyWhatIsMissing() throws {
    func orders(_ driver: Driver) -> Int {
      driver.effects.count { if case .inspect = $0 { true } else { false } }
    }
    var driver = try Driver()
    driver.type("sss1")
    #expect(orders(driver) == 0)
    driver.type("2")
    #expect(orders(driver) == 1)
    driver.type("sSfF<down>1212")
    #expect(orders(driver) == 1)
    driver.type(">")
    #expect(orders(driver) == 2)
    driver.type("m")
    #expect(orders(driver) == 3)
    driver.type(">")
    #expect(orders(driver) == 3, "means do not depend on the sample")
    driver.type("mm")
    #expect(orders(driver) == 4)
    driver.type("r")
    #expect(orders(driver) == 5)
  }

  /// On threads of its own: progress, an answer, and nothing of what was given up.
  @Test func worksInTheBackground() throws {
    let told = Mutex<[String]>([])
    let done = DispatchSemaphore(value: 0)
    let work = BackgroundWork(label: "inspection")
    func take(_ order: InspectionOrder) {
      work.beginAnew { isWanted in
        order.carryOut(threads: 2, while: isWanted) { news in
          told.withLock { $0.append(news.isOver ? "over" : "more") }
          if news.isOver { done.signal() }
        }
      }
    }
    var driver = try Driver()
    driver.answersInspections = false
    driver.type("2:mean 40<enter>")
    let order = try #require(driver.lastInspection)
    #expect(driver.text.contains("inspecting … 0 of 40 samples"))
    take(order)
    take(order)
    #expect(done.wait(timeout: .now() + 60) == .success)
    take(order)
    work.stop()
    #expect(done.wait(timeout: .now() + 0.5) == .timedOut)
    #expect(told.withLock { $0.count { $0 == "over" } } == 1)
    #expect(told.withLock { $0.count { $0 == "more" } } >= 41)
  }

  @Test func leavingTheScreenGivesUp() throws {
    var driver = try Driver()
    driver.answersInspections = false
    driver.type("2")
    driver.type("1")
    guard case .stopInspecting? = driver.lastEffect else {
      Issue.record("\(driver.effects)")
      return
    }
    driver.type("2")
    #expect(driver.text.contains("inspecting …"))
  }
}
