import SpideExperiment
import Testing

@Suite struct WordsTests {
  @Test(arguments: [
    (0.0, "0.0 s"), (9.94, "9.9 s"), (10, "10 s"), (59.4, "59 s"), (59.6, "1 min 0 s"),
    (61, "1 min 1 s"), (3599.4, "59 min 59 s"), (3600, "1 h 0 min"), (3661, "1 h 1 min"),
    (7325, "2 h 2 min"), (36_000_000, "10000 h 0 min"), (-1, "–"), (.nan, "–"), (.infinity, "–"),
  ])
  func time(_ seconds: Double, _ text: String) {
    #expect(Words.time(seconds) == text)
  }

  @Test func counts() {
    #expect(Words.count(0) == "0" && Words.count(999) == "999" && Words.count(1000) == "1,000")
    #expect(Words.count(-1_234_567) == "−1,234,567")
    #expect(
      Words.counted(1, "batch") == "1 batch" && Words.counted(2000, "batch") == "2,000 batches")
    #expect(Words.counted(0, "epoch") == "0 epochs")
  }
}
