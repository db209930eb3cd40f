import SpideData
import SpideEngine
import SpideTUI
import Testing

/// The search for a sample that is classified wrongly, while training by hand.
@Suite struct SearchTests {
  /// Starts training; what it starts with.
  private func begin(_ driver: inout Driver) throws -> TrainingStart {
    driver.type("t")
    let starts = driver.effects.compactMap { effect in
      if case .training(.run(let start)) = effect { start } else { nil }
    }
    return try #require(starts.last)
  }

  /// It goes through the batch that comes next, whose numbers are those of training samples: more than there are in the
  /// test set that is still on screen.
  @Test func aBatchIsSearched() throws {
    var driver = try Driver("digits-recurrent")
    let start = try begin(&driver)
    driver.train(start, batches: 3)
    driver.type("x")
    #expect(driver.text.contains("train #"), "\(driver.text)")
    #expect(driver.text.contains(" is classified wrongly") && !driver.text.contains("looking for"))
    let readout = try #require(driver.model.session.readout)
    #expect(readout.prediction != driver.model.session.label)
  }

  /// The shown sample is none of those that are searched, even where it is the only one that is classified wrongly.
  @Test func theShownSampleIsNotFoundAgain() throws {
    let preset = try Driver.preset("digits-recurrent")
    let data = try Driver.data(preset)
    var search = try Driver("digits-recurrent")
    search.type("x")
    let input = search.model.session.input
    let label = try #require(search.model.session.label)
    let only = OneSample(input, label: label, preset.network)
    var driver = Driver(preset, data: DataSplit(train: data.train, test: only))
    driver.type("n")
    let readout = try #require(driver.model.session.readout)
    #expect(readout.prediction != driver.model.session.label)
    driver.type("x")
    #expect(driver.text.contains("every other sample is classified rightly"), "\(driver.text)")
  }

  /// A training that stopped with the test sample still on screen.
  @Test func aTestSampleMayStillBeShown() throws {
    var driver = try Driver("digits-recurrent")
    let start = try begin(&driver)
    driver.train(start, batches: 2, goesOn: true)
    driver.type("x")
    #expect(driver.model.session.readout != nil)
  }
}
