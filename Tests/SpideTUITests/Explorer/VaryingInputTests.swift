import Foundation
import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment
import SpideTUI
import Testing

/// The explorer on recordings of an event camera, where each step has a frame of its own.
@Suite struct VaryingInputTests {
  private let folder: URL
  private let preset: Preset

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    preset = try PresetLibrary.ofTests.find(
      "cifar10-dvs-convnet-f",
      overrides: [
        "network.input.convolution.channels=2", "network.feedback.convolution.channels=2",
        "steps.backward=10", "training.batch=4",
      ])
    let classes = [
      "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
    ]
    for name in classes {
      let folder = folder.appendingPathComponent(name)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      for number in [1, 900] {
        let events = (0..<400).flatMap { number -> [UInt8] in
          [0, 0, UInt8(number / 4), UInt8(number % 128), 0, 0, 0, 0]
        }
        try (Data("#!AER-DAT2.0\n".utf8) + events)
          .write(to: folder.appendingPathComponent("\(number).aedat"))
      }
    }
  }

  private func driver() throws -> Driver {
    let data = try DataSet.cifar10DVS.load(
      forwardSteps: 30, augmentation: preset.data.augmentation,
      directory: folder.path, environment: [:])
    return Driver(preset, data: data)
  }

  private func frames(_ driver: Driver) -> Int? {
    guard case .varying(let frames) = driver.model.session.input else { return nil }
    return frames.count
  }

  @Test func everyScreenShowsIt() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    var driver = try driver()
    #expect(frames(driver) == 30)
    driver.type("f")
    for key in ["1", "2", "3", "4", "5"] {
      driver.type(key)
      #expect(driver.text.contains("cifar10-dvs"))
    }
    // What the spikes came to stands there all the same.
    driver.type("2")
    #expect(driver.text.contains("an input that varies in time has no equilibrium"))
    #expect(driver.text.contains("‖spikes‖") && driver.text.contains("measured"))
    // There is none by definition, so nothing has failed to converge.
    driver.type("3")
    #expect(driver.text.contains("an input that varies in time has no equilibrium"))
    #expect(!driver.text.contains("no equilibrium: the iteration"))
    driver.type("5")
    #expect(driver.text.contains("input varies"))
  }

  @Test func anotherNumberOfStepsTakesOtherFrames() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    var driver = try driver()
    driver.type(":goto F12<enter>vvvv+")
    #expect(frames(driver) == 35)
    #expect(driver.model.session.moment == .forward(12))
    driver.type("-")
    #expect(frames(driver) == 30)
    driver.type(":set steps.forward=7<enter>")
    #expect(frames(driver) == 7)
    #expect(driver.model.session.moment == .forward(7))
    driver.type(">")
    #expect(frames(driver) == 7)

    // Training that has begun goes on with other frames too.
    driver.type("t")
    guard case .training(.run(let start))? = driver.lastEffect else {
      Issue.record("t started nothing")
      return
    }
    driver.train(start, batches: 1)
    driver.type(":set steps.forward=9<enter>fs")
    #expect(frames(driver) == 9)
    #expect(driver.model.session.position == 0)
    driver.type("4")
    #expect(driver.text.contains("batches        2"))
  }

  @Test func aRecordingThatTurnsBadStopsTraining() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    var driver = try driver()
    // Sample 1 of the test set.
    try FileManager.default.removeItem(at: folder.appendingPathComponent("automobile/900.aedat"))
    #expect(driver.text.contains("No such file") == false)
    driver.type(">")
    #expect(driver.text.contains("automobile/900.aedat: No such file"), "\(driver.text)")
    driver.type(">")
    #expect(!driver.text.contains("No such file"), "said once")
    driver.type("t")
    #expect(driver.text.contains("automobile/900.aedat: No such file"))
    #expect(driver.effects.isEmpty)
  }
}
