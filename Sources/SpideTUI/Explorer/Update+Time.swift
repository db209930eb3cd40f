import SpideEngine

extension Model {
  /// Moves the cursor; past `update`, training by hand moves the weights, and back from the start it takes the last update
  /// back.
  mutating func step(by steps: Int) -> [Effect] {
    if steps < 0, goal.position == 0, mode == .train { return stepBackOverUpdate() }
    let target = goal.position + steps
    guard target > timeline.end else {
      if steps > 0 { run(to: target) } else { move(to: target) }
      return []
    }
    // A breakpoint may hold before the end.
    if isRunningToStop { return [] }
    switch (mode, training.state) {
    case (.train, .paused) where unreadable == nil:
      if leavesRecorded { isPlaying = false }
      return attempt(.goOn(.step))
    case (.train, .diverged(let divergence)):
      isPlaying = false
      note = diverged(divergence)
      return []
    case (.train, .updating), (.train, .pausing):
      // Playing goes on with the first sample of the next batch.
      return []
    case (.train, _):
      isPlaying = false
      return []
    case (.inspect, _):
      isPlaying = false
      note = Note(text: "end of the sample: > takes the next, F starts again, t trains")
      return []
    }
  }

  /// To the beginning of the next or the previous stage.
  mutating func moveStage(_ direction: Int) -> [Effect] {
    let timeline = timeline
    let stops = [
      0, timeline.position(of: .readout), timeline.position(of: .backward(1)), timeline.end,
    ]
    if direction > 0 {
      guard let next = stops.first(where: { $0 > goal.position }) else { return step(by: 1) }
      run(to: next)
    } else {
      guard let last = stops.last(where: { $0 < goal.position }) else { return step(by: -1) }
      move(to: last)
    }
    return []
  }
}
