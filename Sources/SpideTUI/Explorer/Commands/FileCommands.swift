extension Command {
  /// Weights from a file.
  static let checkpoint = Command(
    "checkpoint", "FILE|FOLDER", .path(.weights)
  ) { model, arguments throws(CommandError) in
    [
      .load(
        path: model.path(try arguments.required()), preset: model.preset,
        samples: model.data.train.count)
    ]
  }

  /// The weights into a file, with all that going on with their training needs.
  static let save = Command(
    "save", "FILE.safetensors", .path(.weights)
  ) { model, arguments throws(CommandError) in
    let path = model.path(try arguments.required())
    return [.write(model.weightsOrder(path: path), overwrites: false)]
  }

  /// What has been done so far, to be played again.
  static let log = Command(
    "log", "FILE", .path(.anything)
  ) { model, arguments throws(CommandError) in
    let order = WriteOrder.log(
      text: model.log.textBeforePrompt, path: model.path(try arguments.required()))
    return [.write(order, overwrites: false)]
  }

  /// What is on screen as text, and the sample's trace, into two files whose names begin alike.
  static let export = Command(
    "export", "[NAME]", .path(.anything)
  ) { model, arguments throws(CommandError) in
    let stem =
      arguments.text.isEmpty
      ? "spide-\(model.preset.name)-\(model.screen?.name ?? "screen")" : model.path(arguments.text)
    let order = WriteOrder.screen(
      text: model.view().canvas.text + "\n", session: model.session, stem: stem)
    return [.write(order, overwrites: false)]
  }
}
