/// How often a running training reports: no more often than a screen can use, and so seldom that its reader takes at most a
/// twentieth of the processor time of the process, however busy the machine is.
package struct ReportPace: Sendable {
  /// Time between two reports.
  package static let shortestInterval = Duration.milliseconds(100)

  /// Processor time that the reader spent on the last report, drawing included.
  package var readerTime = Duration.zero

  /// A pace before the first report.
  package init() {}

  /// Whether the next report is due, so long after the last one and with so much processor time spent since.
  package func isDue(after time: Duration, processor: Duration) -> Bool {
    time >= Self.shortestInterval && processor >= readerTime * 20
  }
}
