import SpideTUI
import Testing

@Suite struct ReportPaceTests {
  /// The reader's share is a twentieth of what the process uses, on an idle machine and on one that is shared.
  @Test(arguments: [2.0, 1, 0.25, 0.02]) func theReaderTakesATwentieth(_ processors: Double) {
    for readerTime in [Duration.milliseconds(1), .milliseconds(8), .milliseconds(400)] {
      var pace = ReportPace()
      pace.readerTime = readerTime
      let due = (1...400_000).lazy.map { Duration.milliseconds($0) }.first {
        pace.isDue(after: $0, processor: $0 * processors)
      }
      guard let due else {
        Issue.record("never due")
        continue
      }
      #expect(due >= .milliseconds(100))
      #expect(readerTime <= due * processors / 20)
      // And no less than that, but for the step of the search.
      #expect(
        due == .milliseconds(100) || readerTime * 20 > (due - .milliseconds(1)) * processors)
    }
  }

  @Test func theFirstReportWaitsForNobody() {
    #expect(ReportPace().isDue(after: .milliseconds(100), processor: .zero))
    #expect(!ReportPace().isDue(after: .milliseconds(99), processor: .seconds(9)))
  }
}
