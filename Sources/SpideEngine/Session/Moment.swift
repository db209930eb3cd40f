/// A place on the timeline `F1 … F_TF · readout · B1 … B_TB · update` of one sample.
public enum Moment: Hashable, Sendable {
  /// Nothing has happened yet: potentials and spikes are 0.
  case start
  /// Forward step `t`, counted from 1, has been done.
  case forward(Int)
  /// The classes have been scored and `g` is known.
  case readout
  /// Backward step `t`, counted from 1, has been done.
  case backward(Int)
  /// The gradients are known; in training the weights move when the cursor passes here.
  case update

  /// Whether it is the end of a time step of a stage.
  var isStep: Bool {
    switch self {
    case .forward, .backward: return true
    case .start, .readout, .update: return false
    }
  }
}

/// The order of moments for given numbers of steps; positions count from 0 (`start`).
public struct Timeline: Hashable, Sendable {
  /// `T_F`.
  public let forwardSteps: Int
  /// `T_B`.
  public let backwardSteps: Int

  /// A timeline.
  public init(forwardSteps: Int, backwardSteps: Int) {
    self.forwardSteps = forwardSteps
    self.backwardSteps = backwardSteps
  }

  /// Position of ``Moment/update``, the last.
  public var end: Int { forwardSteps + backwardSteps + 2 }

  /// Position of a moment.
  public func position(of moment: Moment) -> Int {
    switch moment {
    case .start: return 0
    case .forward(let step): return step
    case .readout: return forwardSteps + 1
    case .backward(let step): return forwardSteps + 1 + step
    case .update: return end
    }
  }

  /// Position of a moment of another timeline, or of the nearest that this one has.
  public func position(nearest moment: Moment) -> Int {
    switch moment {
    case .forward(let step): return position(of: .forward(min(step, forwardSteps)))
    case .backward(let step): return position(of: .backward(min(step, backwardSteps)))
    case .start, .readout, .update: return position(of: moment)
    }
  }

  /// The moment at a position, clamped to the timeline.
  public func moment(at position: Int) -> Moment {
    if position <= 0 { return .start }
    if position <= forwardSteps { return .forward(position) }
    if position == forwardSteps + 1 { return .readout }
    if position < end { return .backward(position - forwardSteps - 1) }
    return .update
  }
}
