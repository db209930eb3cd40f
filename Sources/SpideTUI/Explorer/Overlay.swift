/// What lies over the screen.
enum Overlay: Sendable {
  case none
  case help(page: Int)
  case presets(entries: [PresetChoice], selected: Int)
  case prompt(PromptState)
  case question(Question)
}
