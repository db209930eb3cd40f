import ArgumentParser

@main
struct SpideCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "spide-tui")
}
