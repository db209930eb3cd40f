extension Command {
  /// So many steps on.
  static let step = Command("step", "[STEPS]") { model, arguments throws(CommandError) in
    let steps = try arguments.number(in: 1...1_000_000, missing: 1)
    model.isPlaying = false
    return model.step(by: steps)
  }

  /// So many steps back.
  static let back = Command("back", "[STEPS]") { model, arguments throws(CommandError) in
    let steps = try arguments.number(in: 1...1_000_000, missing: 1)
    model.isPlaying = false
    return model.step(by: -steps)
  }

  /// To the end of the sample.
  static let finish = Command("finish") { model in
    model.run(to: model.timeline.end)
    return []
  }

  /// To the start of the sample.
  static let restart = Command("restart") { model in
    model.move(to: 0)
    return []
  }

  /// Lets time go on by itself.
  static let play = Command("play") { model in
    model.isPlaying ? [] : model.perform(.playOrPause)
  }

  /// Stops time.
  static let pause = Command("pause") { model in
    model.isPlaying ? model.perform(.playOrPause) : []
  }

  /// How fast time goes.
  static let speed = Command("speed", "STEPS-A-SECOND") { model, arguments throws(CommandError) in
    let word = try arguments.onlyWord()
    guard let chosen = Speed(String(word)) else {
      throw CommandError("no speed \(echo(word)); \(Speed.range)")
    }
    model.use(chosen)
    return []
  }
}
