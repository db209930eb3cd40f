/// What `+` and `-` can change.
enum Adjustable: Int, Sendable, CaseIterable {
  case threshold
  case backwardThreshold
  case leak
  case backwardLeak
  case forwardSteps
  case backwardSteps
}
