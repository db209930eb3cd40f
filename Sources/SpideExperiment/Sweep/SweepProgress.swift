/// Is told how a sweep goes on, from any thread.
public protocol SweepProgress: Sendable {
  /// Called once, before anything runs.
  ///
  /// - Parameters:
  ///   - done: combinations and seeds whose rows are there.
  ///   - all: combinations and seeds in all.
  func begin(done: Int, of all: Int)
  /// A combination has come further by a share of it.
  func advance(by share: Double)
  /// A row has been written.
  func take(_ row: SweepRow, of job: SweepJob)
  /// Another program has written a row.
  func takeElsewhere()
  /// Why a combination has no figures.
  func note(_ problem: String, of job: SweepJob)
}
