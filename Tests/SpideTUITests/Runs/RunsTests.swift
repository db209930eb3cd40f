import Foundation
import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment
import SpideTUI
import Testing

/// Several runs at once: to and fro between them, and what is asked before one is lost.
@Suite struct RunsTests {
  /// Each goes on where it was left, whatever the others do.
  @Test(arguments: [1, 3]) func backAndForth(_ threads: Int) throws {
    let small = try SmallTraining()
    let straight = small.straight(60)
    let other = small.straight(60, changes: [10: small.zeroReset])
    var explorer = try small.play(
      "4\n:train 10\n:fork zero neuron.reset=zero", threads: threads)
    for end in [13, 22, 23, 24, 47, 60] {
      try explorer.playOn(":run zero\n:until update \(end)")
      try explorer.playOn("wait 40 batches")
      #expect(explorer.model.parameters == other[end].parameters, "zero \(end)")
      try explorer.playOn(":goto update 5\n:run digits\n:until update \(end)\nwait 40 batches")
      #expect(explorer.model.parameters == straight[end].parameters, "digits \(end)")
      #expect(explorer.model.session.dynamics == small.preset.dynamics)
      try explorer.playOn(":run zero\n:goto update \(end)\n:run digits")
      #expect(explorer.text.contains("batches        \(end) "), "\(explorer.text)")
    }
    let log = explorer.model.log.text
    #expect(try small.play(log).text == explorer.text, "\(log)")
  }

  /// The same sample at the same moment is looked at in the other run.
  @Test func whatIsLookedAtStays() throws {
    var explorer = try SmallTraining().play(
      ":train 5\n:fork neuron.reset=zero\ni\n:sample 9\n:goto F12")
    try explorer.playOn("/ L 1 space 3 Enter\n:run digits\n5")
    #expect(explorer.model.session.moment == .forward(12))
    #expect(explorer.text.contains("L1 #3"), "\(explorer.text)")
    try explorer.playOn("1")
    #expect(explorer.text.contains("#9  label"), "\(explorer.text)")
    #expect(explorer.model.session.dynamics.forward.reset == .minusThreshold)
  }

  /// Another preset has other layers: each run is seen with its own.
  @Test func runsOfOtherNetworks() throws {
    var explorer = try HeadlessExplorerTests.play(
      ":train 3\nJ\nf\n:preset digits-recurrent\n:train 2\nf\n:preset digits-conv")
    for (name, batches) in [("digits", 3), ("digits-recurrent", 2), ("digits-conv", 0)] {
      for screen in 1...8 where screen != 7 {
        try explorer.playOn(":run \(name)\n\(screen)\nF\nn\nj\nk\nJ\nF")
      }
      try explorer.playOn("4")
      #expect(explorer.model.preset.name == name)
      #expect(explorer.text.contains("batches        \(batches) "), "\(name)\n\(explorer.text)")
    }
  }

  /// A preset that is opened before anything was done takes the place of the one before.
  @Test func nothingIsPiledUp() throws {
    var explorer = try HeadlessExplorerTests.play(":preset digits-lif\n:set training.batch=32\n8")
    #expect(explorer.text.contains("1 run ") && explorer.text.contains("1 digits-lif (here)"))
    try explorer.playOn(":train 2\n:seed 7")
    #expect(
      explorer.text.contains("2 runs") && explorer.text.contains("seed 7"), "\(explorer.text)")
    try explorer.playOn(":train 2\n:run digits-lif\n:train 2")
    #expect(!explorer.text.contains("digits-lif-3"))
  }

  @Test func anotherSeedIsAnotherTraining() throws {
    let small = try SmallTraining()
    var explorer = try small.play("r\n:train 4\n:seed 5\n:train 4")
    let trainer = Trainer(
      plan: small.preset.network, dynamics: small.zeroReset, training: small.preset.training,
      trainSet: small.data.train, testSet: nil, seed: 5, threads: 1)
    for _ in 0..<4 { _ = trainer.trainBatch() }
    #expect(explorer.model.parameters == trainer.parameters)
    try explorer.playOn(":run digits")
    #expect(
      explorer.model.parameters == small.straight(4, changes: [0: small.zeroReset])[4].parameters)
  }

  // MARK: What is asked

  @Test func closingAsksOnce() throws {
    let small = try SmallTraining()
    var explorer = try small.play(
      "8\n:train 6\n:fork a neuron.reset=zero\n:train 2\n:fork b lr=0.01\n:run close a")
    #expect(explorer.text.contains("Close a?"), "\(explorer.text)")
    #expect(explorer.text.contains("2 batches of the training of a are not saved"))
    try explorer.playOn("n")
    #expect(explorer.text.contains("3 runs"))
    try explorer.playOn(":run close a\ny")
    #expect(explorer.text.contains("2 runs") && !explorer.text.contains(" 2 a"), "\(explorer.text)")
    // Nothing was trained in the one that is left: it is closed at once, and the next one is shown.
    try explorer.playOn(":run close")
    #expect(explorer.text.contains("1 run"), "\(explorer.text)")
    #expect(explorer.model.parameters == small.straight(6)[6].parameters)
  }

  /// A run that trains is stopped by being closed.
  @Test func aRunThatTrainsIsClosed() throws {
    let small = try SmallTraining()
    var explorer = try small.play(
      ":train 6\n:fork a neuron.reset=zero\nt\nwait 3 batches\n:run close a\ny\n:train 2")
    #expect(explorer.model.parameters == small.straight(8)[8].parameters)
    try explorer.playOn("8")
    #expect(explorer.text.contains("1 run"))
  }

  @Test func quittingAsksForAllOfThem() throws {
    var explorer = try SmallTraining().play(":train 6\n:fork a neuron.reset=zero\n:train 2\nq")
    #expect(
      explorer.text.contains("Not saved: digits 6 batches, a 2 batches."), "\(explorer.text)")
    try explorer.playOn("y")
    #expect(explorer.exitCode == 0)
  }

  // MARK: The list

  @Test func theListSwitches() throws {
    let small = try SmallTraining()
    var explorer = try small.play(":train 6\n:fork a neuron.reset=zero\n:train 2\n:runs\nUp\nEnter")
    #expect(explorer.model.parameters == small.straight(6)[6].parameters)
    #expect(explorer.text.contains("1 digits (here)"))
    try explorer.playOn("Down\nDelete\ny")
    #expect(explorer.text.contains("1 run"), "\(explorer.text)")
  }

  // MARK: Memory

  /// Five forks stay within the memory of one recording, all of them together.
  @Test(arguments: [4, 40]) func theBudgetIsKept(_ states: Int) throws {
    let small = try SmallTraining()
    let straight = small.straight(60)
    let budget = states * Recording(from: straight[0]).bytes
    var explorer = try small.play("4\n:train 30", budget: budget)
    for fork in 1...5 {
      try explorer.playOn(":fork f\(fork) Vth=1.\(fork)\n:train 20\n:goto update 30")
    }
    let bytes = explorer.model.recordedBytes
    #expect(bytes.count == 6)
    // The first and the last state of each are kept whatever they take.
    let ends = 2 * 6 * Recording(from: straight[0]).bytes
    #expect(bytes.reduce(0, +) <= max(budget, ends + 6 * 2000), "\(bytes) \(budget)")
    try explorer.playOn("8")
    let megabytes = (budget + (1 << 20) - 1) >> 20
    #expect(explorer.text.contains("of \(megabytes) MB"), "\(explorer.text)")
    try explorer.playOn(":run digits\n:goto update 17")
    #expect(explorer.model.parameters == straight[17].parameters)
  }

  // MARK: The log

  @Test(arguments: 0..<10) func aLogLeadsToTheSame(_ seed: UInt64) throws {
    var random = Draw(seed)
    let lines = [
      "{", "} }", ":train 7\ny", "t\ny\nwait 0.08\ni", "t\ny\nwait 0.1", "r", "+", "R", "Y",
      ":fork reset=zero", ":fork lr=0.02", ":fork training.batch=32", ":seed 3", ":run digits",
      ":run digits-2", ":run digits-3", ":run close\ny", "8", "4", "1", "Up\nEnter", "Down\nEnter",
      "o", "O", "X", "L", "E", "(", ")", ":curves updates log at 12", "click 30 20", "m",
      "Delete\ny", "f\ns\ny", "i", "space\nwait 0.2", "wait 0.1", "t",
    ]
    let session =
      "8\n:train 9\n" + (0..<40).map { _ in random.one(of: lines) }.joined(separator: "\nEsc\n")
      + "\nEsc\ni\nEsc"
    let small = try SmallTraining()
    func play(_ session: String) throws -> HeadlessExplorer {
      var explorer = HeadlessExplorer(small.model())
      explorer.begin()
      // A run that is not there is an error of a command, and nothing else.
      for line in session.split(separator: "\n") {
        do { try explorer.playOn(String(line)) } catch { try explorer.playOn("Esc") }
      }
      return explorer
    }
    let played = try play(session)
    let log = played.model.log.text
    let again = try small.play(log)
    #expect(again.text == played.text, "seed \(seed)\n\(session)\n---\n\(log)")
    #expect(again.model.log.text == log)
    #expect(again.model.parameters == played.model.parameters)
  }

  /// Constants that were changed live are told where no other run is that they differ from.
  @Test func whatWasChangedLiveIsTold() throws {
    let small = try SmallTraining()
    let explorer = try small.play("8\n:train 3\nr\n:train 3")
    let row = explorer.text.split(separator: "\n").first { $0.contains("1 digits") } ?? ""
    #expect(row.contains("reset 0/−Vth"), "\(explorer.text)")
  }

  /// A file in the place of a folder is told at once, without a question that would lead nowhere.
  @Test func aFileIsNoFolder() throws {
    let file = NSTemporaryDirectory() + "spide-no-folder-" + UUID().uuidString
    try Data("x".utf8).write(to: URL(fileURLWithPath: file))
    defer { try? FileManager.default.removeItem(atPath: file) }
    let small = try SmallTraining()
    var explorer = try small.play("8\n:train 2")
    let error = #expect(throws: ConfigurationError.self) {
      try explorer.playOn(":run save \(file)")
    }
    #expect(error?.description.contains("Not a directory") == true, "\(error as Any)")
    #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == Data("x".utf8))
  }
}
