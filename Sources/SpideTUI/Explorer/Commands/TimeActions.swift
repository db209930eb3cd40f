import SpideEngine

extension Action {
  /// Lets time go on by itself, from the start where it is at the end; or stops it.
  static let playOrPause = Action { model in
    if !model.isPlaying, model.mode == .inspect || model.training.state == .running,
      model.goal.position == model.timeline.end
    {
      model.move(to: 0)
    }
    model.isPlaying.toggle()
    return []
  }

  /// To the next (1) or previous (-1) stage.
  static func stage(_ direction: Int) -> Action {
    Action { model in
      model.isPlaying = false
      return model.moveStage(direction)
    }
  }

  /// So many steps on, or back.
  static func move(_ steps: Int) -> Action {
    .command(steps > 0 ? .step : .back, "\(abs(steps))")
  }

  /// To a moment that was pointed at, or the nearest there is.
  static func scrub(to moment: Moment) -> Action {
    Action { model in
      model.isPlaying = false
      model.move(to: model.timeline.position(nearest: moment))
      return []
    }
  }

  /// The next round speed above or below.
  static func speed(faster: Bool) -> Action {
    Action { model in
      model.use(model.speed.next(faster: faster))
      return []
    }
  }
}
