import SpideTUI
import Testing

@Suite struct SpeedTests {
  /// Any speed is kept as it was typed, shown so, and makes so many steps in its time.
  @Test(arguments: [
    ("0.1", "0.1", 10_000, 3, 3), ("0.25", "0.25", 4_000, 2, 2), ("1", "1", 1_000, 4, 4),
    ("7", "7", 143, 14, 14), ("12.5", "12.5", 80, 25, 25), ("30", "30", 33, 30, 30),
    ("45.5", "45.5", 33, 60, 91), ("50", "50", 33, 30, 50), ("400", "400", 33, 30, 400),
    ("1000", "1000", 33, 30, 1000), ("1e2", "100", 33, 30, 100),
  ])
  func stepsASecond(
    _ typed: String, _ shown: String, _ milliseconds: Int, _ ticks: Int, _ steps: Int
  ) throws {
    var driver = try Driver(width: 160)
    // The score would have more ticks than steps.
    driver.type("5:set steps.backward=1200<enter>:speed \(typed)<enter> ")
    #expect(driver.text.contains(" \(shown) steps/s"), "\(driver.text.suffix(200))")
    let interval = try #require(driver.model.tickInterval)
    #expect(Int((interval / .milliseconds(1)).rounded()) == milliseconds)
    for _ in 0..<ticks { driver.send(.tick) }
    #expect(driver.model.session.position == steps)
  }

  /// Where there is time for it, a step takes a tick for each layer and one for the way round; else it takes one.
  @Test(arguments: [("2", 3), ("10", 3), ("14", 2), ("20", 1), ("100", 1)])
  func theScoreFollowsTheFront(_ speed: String, _ ticks: Int) throws {
    var driver = try Driver()
    driver.type(":speed \(speed)<enter> ")
    let perStep = Double(speed).map { 1 / $0 } ?? 0
    let interval = try #require(driver.model.tickInterval) / .seconds(1)
    #expect(abs(interval * Double(ticks) - max(perStep, 1.0 / 30)) < 1e-6)
    for _ in 0..<ticks * 4 { driver.send(.tick) }
    if Int(speed) ?? 0 <= 30 { #expect(driver.model.session.position == 4) }
  }

  /// Where the bar has no room for it, the row above tells the speed.
  @Test(arguments: [":speed 7<enter>", ":speed 5.5<enter>]]["])
  func narrowScreensTellTheSpeed(_ keys: String) throws {
    var driver = try Driver(width: 40, height: 12)
    driver.type(keys)
    #expect(driver.text.contains(keys.hasSuffix("[") ? "\n 10 steps/s" : "\n 7 steps/s"))
  }

  @Test(arguments: ["0", "0.09", "1000.5", "-3", "inf", "nan", "0x10", "fast", "1 2", ""])
  func otherSpeedsAreRefused(_ typed: String) throws {
    var driver = try Driver()
    driver.type(":speed \(typed)<enter>")
    #expect(driver.text.contains("0.1 to 1000") || driver.text.contains("usage: speed"))
    driver.type("<esc><esc>")
    #expect(driver.text.contains("20 steps/s"))
  }

  @Test(arguments: [
    ("7", "]", "10"), ("7", "[", "5"), ("0.3", "[", "0.2"), ("0.3", "]", "0.5"),
    ("0.1", "[", "0.1"),
    ("999", "]", "1000"), ("1000", "]", "1000"), ("20", "]]", "100"),
  ])
  func bracketsLeadToRoundSpeeds(_ from: String, _ keys: String, _ to: String) throws {
    var driver = try Driver()
    driver.type(":speed \(from)<enter>\(keys)")
    #expect(driver.text.contains(" \(to) steps/s"))
  }

  @Test func beatsKeepTheirPace() {
    let start = ContinuousClock.now
    func after(_ milliseconds: Int) -> ContinuousClock.Instant {
      start + .milliseconds(milliseconds)
    }
    var beat = Beat()
    #expect(beat.next(interval: nil, now: start) == nil)
    #expect(beat.next(interval: .milliseconds(100), now: after(0)) == after(100))
    // Other events in between change nothing; what a beat itself takes does not add up.
    #expect(beat.next(interval: .milliseconds(100), now: after(60)) == after(100))
    beat.strike()
    #expect(beat.next(interval: .milliseconds(100), now: after(130)) == after(200))
    // Who is late by more than a beat goes on from now.
    beat.strike()
    #expect(beat.next(interval: .milliseconds(100), now: after(450)) == after(450))
    // A slow beat does not hold up a faster one.
    #expect(beat.next(interval: nil, now: after(451)) == nil)
    #expect(beat.next(interval: .seconds(10), now: after(500)) == after(10_500))
    #expect(beat.next(interval: .milliseconds(33), now: after(600)) == after(633))
  }
}
