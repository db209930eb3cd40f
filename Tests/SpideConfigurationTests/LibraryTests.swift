import Foundation
import SpideConfiguration
import SpideExperiment
import Testing

@Suite struct LibraryTests {
  @Test(arguments: ["Presets", "Screens"])
  func everyYAMLFileIsEmbeddedByteForByte(folder: String) throws {
    let directory = packageRoot.appendingPathComponent(folder)
    let files = try FileManager.default.contentsOfDirectory(atPath: directory.path)
      .filter { $0.hasSuffix(".yaml") }
    let presets = PresetLibrary(userDirectory: nil)
    let screens = ScreenLibrary(userDirectory: nil, panels: somePanels)
    let embedded =
      folder == "Presets" ? presets.list().map(\.name) : screens.list().map(\.name)
    #expect(files.sorted() == embedded.map { $0 + ".yaml" }.sorted())
    for name in embedded {
      let text = try folder == "Presets" ? presets.text(name) : screens.text(name)
      let file = try Data(contentsOf: directory.appendingPathComponent(name + ".yaml"))
      #expect(Data(text.utf8) == file, "\(name)")
    }
  }

  @Test func everyBuiltInPresetDecodes() {
    for entry in PresetLibrary(userDirectory: nil).list() {
      #expect(throws: Never.self) { try entry.item.get() }
    }
  }

  @Test func ownFilesComeFirstAndABrokenOneIsListed() throws {
    try withTemporaryDirectory { directory in
      let digits = try PresetLibrary(userDirectory: nil).text("digits")
      try write(
        digits.replacingFirst("batch: 32", "batch: 7"), to: directory + "/digits.yaml")
      try write(validPreset.replacingFirst("batch", "bacth"), to: directory + "/broken.yaml")
      try write("not a preset", to: directory + "/notes.txt")
      let library = PresetLibrary(userDirectory: directory)
      let list = library.list()
      #expect(list.prefix(2).map(\.name) == ["broken", "digits"])
      #expect(list.count { $0.name == "digits" } == 1)
      #expect(list[0].summary.hasPrefix(directory + "/broken.yaml:1:7: "))
      #expect(list[1].origin == .file(directory + "/digits.yaml"))
      #expect(try library.find("digits").training.batch == 7)
      #expect(try library.find("digits", overrides: ["training.batch=9"]).training.batch == 9)
      #expect(try library.find(directory + "/digits.yaml").training.batch == 7)
      #expect(libraryError { try library.find("broken") }?.exitCode == 65)
    }
  }

  @Test func whatIsMissingSaysWhereItWasSoughtAndExits66() throws {
    try withTemporaryDirectory { directory in
      let library = PresetLibrary(userDirectory: directory)
      let unknown = try #require(libraryError { try library.find("digts") })
      #expect(unknown.exitCode == 66)
      #expect(
        unknown.description.hasPrefix(
          "no preset \"digts\" (did you mean \"digits\"?); looked in \(directory), the built-in"))
      for path in ["/no/such.yaml", "none.yaml", directory, directory + "/"] {
        let error = try #require(libraryError { try library.find(path) })
        #expect(error.exitCode == 66, "\(error)")
        #expect(!error.description.contains { $0.isNewline })
      }
      #expect(
        libraryError { try library.find(directory) }?.description
          == "\(directory): cannot be read: is a directory; expected a readable YAML file")
    }
  }

  @Test func bytesThatAreNoTextAreBadData() throws {
    try withTemporaryDirectory { directory in
      let path = directory + "/x.yaml"
      let library = ScreenLibrary(userDirectory: nil, panels: somePanels)
      for (bytes, place) in [
        (Data("name: x\ntitle: \u{E9}".utf8) + [0xFF], "2:9"), (Data([0xC3]), "1:1"),
        (Data(count: 300_000), "1:1"),
      ] {
        try bytes.write(to: URL(fileURLWithPath: path))
        let error = try #require(libraryError { try library.find(path) })
        #expect(error.exitCode == 65)
        #expect(error.description.hasPrefix("\(path):\(place): "), "\(error)")
      }
      #expect(libraryError { try library.find("/dev/zero") }?.exitCode == 65)
    }
  }

  @Test func theUserDirectoryFollowsTheConvention() {
    func directory(_ environment: [String: String]) -> String? {
      PresetLibrary.userDirectory(environment: environment)
    }
    #expect(directory(["XDG_CONFIG_HOME": "/c", "HOME": "/h"]) == "/c/spide-tui/presets")
    #expect(directory(["XDG_CONFIG_HOME": "c", "HOME": "/h"]) == "/h/.config/spide-tui/presets")
    #expect(directory([:]) == nil)
    #expect(
      ScreenLibrary.userDirectory(environment: ["HOME": "/h"]) == "/h/.config/spide-tui/screens")
  }

  @Test func noTwoScreensShareAKey() throws {
    try withTemporaryDirectory { directory in
      try write(validScreen.replacingFirst("key: 5", "key: 1"), to: directory + "/mine.yaml")
      let screens = ScreenLibrary(userDirectory: directory, panels: somePanels).arranged()
      #expect(
        screens.map(\.screen.name) == [
          "mine", "gradient", "reset", "train", "neuron", "ledger", "update", "runs", "twin",
          "sweep", "stage",
        ])
      #expect(screens.map(\.key) == [1, 2, 3, 4, 5, 6, 7, 8, 9, 0, nil])
      #expect(screens[0].note == nil)
      #expect(
        screens[10].note
          == "screen stage asks for key 1, which another screen has; it has none")
    }
  }
}

extension LibraryTests {
  /// A screen that cannot be used is told of, and takes no other's place.
  @Test func brokenScreensAreToldOf() throws {
    try withTemporaryDirectory { directory in
      try write(
        validScreen.replacingFirst("panel: loss", "panel: los"), to: directory + "/mine.yaml")
      try write("name: [", to: directory + "/worse.yaml")
      try write(
        validScreen.replacingFirst("key: 5", "key: 1").replacingFirst("mine", "other"),
        to: directory + "/other.yaml")
      let found = ScreenLibrary(userDirectory: directory, panels: somePanels).arrangement()
      #expect(
        found.screens.map(\.screen.name) == [
          "other", "gradient", "reset", "train", "neuron", "ledger", "update", "runs", "twin",
          "sweep", "stage",
        ])
      try #require(found.problems.count == 2)
      #expect(found.problems[0].hasPrefix(directory + "/mine.yaml:7:"))
      #expect(found.problems[0].contains("\"los\"") && found.problems[0].contains("loss"))
      #expect(found.problems[1].hasPrefix(directory + "/worse.yaml:"))
      #expect(found.notes.count == 1 && found.notes[0].contains("screen stage asks for key 1"))
    }
  }
}

private func write(_ text: String, to path: String) throws {
  try Data(text.utf8).write(to: URL(fileURLWithPath: path))
}

private func libraryError<Item>(_ body: () throws -> Item) -> LibraryError? {
  do {
    _ = try body()
    return nil
  } catch { return error as? LibraryError }
}
