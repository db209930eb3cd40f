import SpideEngine
import SpideTUI
import Testing

/// Runs whose training is on its own thread, at full speed.
@Suite struct RunsOnAThreadTests {
  /// Forks amid a training, in the past too, and to and fro: its log does the same.
  @Test(arguments: [1, 2]) func aLiveSessionIsDoneAgain(_ threads: Int) throws {
    let small = try SmallTraining()
    var live = LiveExplorer(small, threads: threads)
    try live.play("4 t")
    try live.run { $0.told >= 20 }
    // What is typed ahead is the fork's.
    try live.play(":fork a reset=zero")
    try live.play("t")
    try live.settle()
    let start = live.model.parameters
    try live.run { $0.model.parameters != start }
    try live.play(":goto update 12")
    try live.settle()
    try live.play(":fork b lr=0.01 Vth=1.2")
    try live.settle()
    try live.play(":train 9")
    try live.settle()
    try live.play("t")
    let before = live.model.parameters
    try live.run { $0.model.parameters != before }
    try live.play(":run digits")
    try live.settle()
    try live.play("t")
    let digits = live.model.parameters
    try live.run { $0.model.parameters != digits }
    try live.play(":run a")
    try live.settle()
    try live.play(":train 4")
    try live.settle()
    for name in ["b", "digits", "a"] {
      try live.play(":run \(name)")
      try live.settle()
      let log = live.model.log.text
      let again = try small.play(log)
      #expect(again.model.parameters == live.model.parameters, "\(name)\n\(log)")
      #expect(again.model.session.dynamics == live.model.session.dynamics, "\(name)\n\(log)")
    }
  }

  /// A run that is closed while it trains says nothing more, and the next one trains.
  @Test func aClosedRunIsStill() throws {
    let small = try SmallTraining()
    var live = LiveExplorer(small)
    try live.play("4\n:train 6")
    try live.settle()
    try live.play(":fork a reset=zero\nt")
    let start = live.model.parameters
    try live.run { $0.model.parameters != start }
    try live.play(":run close\ny")
    try live.settle()
    #expect(live.model.parameters == small.straight(6)[6].parameters)
    try live.play(":train 3")
    try live.settle()
    #expect(live.model.parameters == small.straight(9)[9].parameters)
  }
}
