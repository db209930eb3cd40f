import SpideExperiment

extension Model {
  /// Opens a prompt; folders are read anew.
  mutating func open(_ kind: PromptState.Kind) {
    lookup = FolderLookup()
    log.mark(.prompt)
    overlay = .prompt(PromptState(kind, history: kind == .command ? history : []))
  }

  /// A key on the prompt.
  mutating func edit(_ prompt: PromptState, _ key: Key) -> [Effect] {
    var prompt = prompt
    if prompt.postpone(key) {
      overlay = .prompt(prompt)
      return []
    }
    switch key {
    case .escape, .control("c"), .control("g"):
      overlay = .none
      return []
    case .enter: return enter(prompt)
    case .tab: return complete(prompt, direction: 1)
    case .backTab: return complete(prompt, direction: -1)
    case .backspace:
      if prompt.scalars.isEmpty {
        overlay = .none
        return []
      }
      prompt.deleteBackward()
    case .delete, .control("d"): prompt.deleteForward()
    case .left, .control("b"): prompt.moveLeft()
    case .right, .control("f"): prompt.moveRight()
    case .home, .control("a"): prompt.moveToStart()
    case .end, .control("e"): prompt.moveToEnd()
    case .control("u"): prompt.replace("")
    case .up, .control("p"): prompt.recall(-1)
    case .down, .control("n"): prompt.recall(1)
    case .pageUp: scrollError(&prompt, by: -1)
    case .pageDown: scrollError(&prompt, by: 1)
    case .character(let character): prompt.insert(String(character))
    default: break
    }
    return show(prompt)
  }

  /// Text that was pasted while the prompt is open.
  mutating func paste(_ prompt: PromptState, _ text: String) -> [Effect] {
    var prompt = prompt
    prompt.paste(text)
    return show(prompt)
  }

  /// The names in a folder have come; Tab may be waiting for them.
  mutating func take(_ listing: FolderListing) -> [Effect] {
    guard listing.folder == lookup.asked else { return [] }
    lookup.listing = listing
    guard case .prompt(var prompt) = overlay, let direction = prompt.awaited else { return [] }
    let keys = prompt.pending
    prompt.complete(with: completions(of: prompt), direction: direction)
    return keys.reduce(into: show(prompt)) { $0 += handle(.key($1)) }
  }

  /// The prompt as it is drawn.
  func promptView(_ prompt: PromptState) -> Prompt {
    Prompt(
      prefix: prompt.prefix, text: prompt.text, cursor: prompt.cursor,
      completions: completions(of: prompt).map(\.label), selected: prompt.chosen,
      error: prompt.error, remark: prompt.remark, firstErrorLine: prompt.firstErrorLine,
      saysHowToLeave: prompt.wasRefused)
  }

  /// By so many lines, as far as there are any.
  mutating func scrollError(_ prompt: inout PromptState, by lines: Int) {
    let last = promptView(prompt).lastFirstErrorLine(width: width, height: height, glyphs: glyphs)
    prompt.firstErrorLine = min(max(0, prompt.firstErrorLine + lines), last)
  }

  private mutating func show(_ prompt: PromptState) -> [Effect] {
    overlay = .prompt(prompt)
    return lookUp(prompt)
  }

  private mutating func complete(_ prompt: PromptState, direction: Int) -> [Effect] {
    var prompt = prompt
    if isLookingUp(prompt) {
      prompt.awaited = direction
    } else {
      prompt.complete(with: completions(of: prompt), direction: direction)
    }
    return show(prompt)
  }

  private mutating func enter(_ prompt: PromptState) -> [Effect] {
    let line = String(Substring(prompt.text).trimmingSpaces)
    overlay = .none
    guard !line.isEmpty else { return [] }
    if prompt.kind == .command, history.last != line { history.append(line) }
    do throws(CommandError) {
      switch prompt.kind {
      case .command: return try run(line)
      case .goTo: return try Command.goTo.run(&self, with: line)
      }
    } catch {
      var failed = prompt
      let spaces = prompt.text.unicodeScalars.prefix { $0 == " " }.count
      failed.fail(error.text, at: error.place.map { $0 + spaces })
      log.refuse()
      overlay = .prompt(failed)
      return []
    }
  }
}
