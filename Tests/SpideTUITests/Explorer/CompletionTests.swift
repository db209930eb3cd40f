import SpideTUI
import Testing

@Suite struct CompletionTests {
  private func line(_ driver: Driver) -> Substring {
    driver.text.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
  }

  private static let commands = [
    "back", "break", "breaks", "checkpoint", "compare", "curves", "data", "energy", "export",
    "finish", "fork", "goto", "help",
    "inspect", "ledger", "log",
    "pause", "play", "preset", "quit", "reset", "restart", "run", "runs", "sample", "save",
    "screen", "seed", "set", "speed", "step", "sweep", "synapse", "train", "twin", "unbreak",
    "until",
    "zoom",
  ]

  @Test(arguments: [80, 120, 200]) func tabShowsAllCommands(_ width: Int) throws {
    var driver = try Driver(width: width)
    driver.type(":<tab>")
    // A blank at either end, also at the edge of the screen.
    let shown = driver.text.split(separator: "\n").map { $0 + " " }.joined()
    for command in Self.commands { #expect(shown.contains(" \(command) "), "\(command)") }
    #expect(line(driver) == ":back")
    driver.type("<tab>")
    #expect(line(driver) == ":break")
    driver.type("<backtab><backtab>")
    #expect(line(driver) == ":zoom")
  }

  @Test(arguments: [
    (":go<tab>", ":goto"), (":energy m<tab>", ":energy multiply"),
    (":ledger t<tab>", ":ledger training"),
    (":set ne<tab><tab>", ":set network."),
    (":set neur<tab>", ":set neuron."), (":set neuron.l<tab>", ":set neuron.leak="),
    (":set neuron.reset=m<tab>", ":set neuron.reset=minus-threshold"),
    (":set backward.reset=z<tab>", ":set backward.reset=zero"),
    (":set data.source=cifar100<tab>", ":set data.source=cifar100"),
    (":set data.augment.h<tab>t<tab>", ":set data.augment.horizontal-flip=true"),
    (":set network.links.0.dense.b<tab>f<tab>", ":set network.links.0.dense.bias=false"),
    (":set network.links.<tab>", ":set network.links.0."),
    (":set network.initial-weights=u<tab>", ":set network.initial-weights=unit"),
    (
      ":set training.optimizer=<tab><tab>",
      ":set training.optimizer={ adam: { beta1: 0.9, beta2: 0.999 } }"
    ),
    (":set training.opt<tab>", ":set training.optimizer."), (":reset z<tab>", ":reset zero"),
    (":reset f<tab> m<tab>", ":reset forward minus-threshold"),
    (":reset forward b<tab>", ":reset forward b"), (":reset forward f<tab>", ":reset forward f"),
    (":scr<tab>ne<tab>", ":screen neuron"), (":compare same-t<tab>", ":compare same-threshold"),
    ("/L<tab><tab>", "/L1"), (":goto up<tab>", ":goto update"), (":until t<tab>", ":until test"),
    (":until test a<tab>", ":until test accuracy"), (":break |<tab>", ":break |u|"),
    (":break B s<tab><tab>", ":break B silent"), (":break silent L1<tab>", ":break silent L1"),
    (":run d<tab>", ":run digits"), (":run o<tab>", ":run open"),
    (":run close d<tab>", ":run close digits"), (":fork Vth,<tab>", ":fork Vth,b="),
    (":fork low neuron.l<tab>", ":fork low neuron.leak="),
    (":fork reset=zero backward.r<tab>", ":fork reset=zero backward.reset="),
    (":curves up<tab>", ":curves updates"), (":curves at e<tab>", ":curves at end"),
  ])
  func completes(_ keys: String, _ expected: String) throws {
    var driver = try Driver()
    driver.type(keys)
    #expect(line(driver) == expected)
  }

  /// Folders are looked at outside; Tab waits for the answer and leads on into folders.
  @Test func completesPaths() throws {
    var driver = try Driver()
    driver.type(":checkpoint ")
    #expect(driver.lastFolder == ".")
    driver.send(
      .folder(
        FolderListing(
          folder: ".",
          entries: [
            .init("a b.safetensors", isFolder: false), .init("notes.txt", isFolder: false),
            .init("runs", isFolder: true), .init(".hidden", isFolder: true),
          ])))
    #expect(driver.text.contains("\n a b.safetensors  runs/\n"))
    #expect(!driver.text.contains("notes.txt") && !driver.text.contains("hidden"))
    driver.type("r<tab>")
    #expect(line(driver) == ":checkpoint runs/")
    #expect(driver.lastFolder == "runs/")
    driver.type("<tab>")
    #expect(line(driver) == ":checkpoint runs/")
    driver.send(
      .folder(FolderListing(folder: "runs/", entries: [.init("b.safetensors", isFolder: false)])))
    #expect(line(driver) == ":checkpoint runs/b.safetensors")
    driver.type("<enter>")
    guard case .load("runs/b.safetensors", _, _)? = driver.lastEffect else {
      Issue.record("\(driver.effects.suffix(1))")
      return
    }
  }

  /// Who types on does not outrun the disk; who thinks better of it is not held up.
  @Test func keysWaitForACompletion() throws {
    var driver = try Driver()
    driver.type(":data s<tab>x<tab><enter>s")
    #expect(line(driver) == ":data s")
    driver.send(.folder(FolderListing(folder: ".", entries: [.init("sets", isFolder: true)])))
    #expect(line(driver) == ":data sets/x")
    driver.send(.folder(FolderListing(folder: "sets/", entries: [.init("xy", isFolder: true)])))
    guard case .useData(folder: "sets/xy/")? = driver.lastEffect else {
      Issue.record("\(line(driver))")
      return
    }
    #expect(driver.model.session.position == 1)
    driver.type(":data s<tab>x<backspace>")
    #expect(line(driver) == ":data")
    driver.type("<tab>x<esc>")
    driver.send(.folder(FolderListing(folder: ".", entries: [.init("sets", isFolder: true)])))
    #expect(!driver.text.contains(":data"))
  }

  @Test(arguments: [
    (":checkpoint ", [" a/ ", " w.safetensors "], [" p.yaml ", " t.txt "]),
    (":save ", [" a/ ", " w.safetensors "], [" p.yaml "]),
    (":data ", [" a/ "], [" w.safetensors ", " p.yaml "]),
    (":export ", [" a/ ", " w.safetensors ", " p.yaml ", " t.txt "], []),
    (":preset ./", [" a/ ", " p.yaml "], [" w.safetensors ", " t.txt "]),
  ])
  func offersWhatACommandTakes(_ typed: String, _ offered: [String], _ others: [String]) throws {
    var driver = try Driver()
    driver.type(typed)
    let folder = try #require(driver.lastFolder)
    let names = [("a", true), ("p.yaml", false), ("t.txt", false), ("w.safetensors", false)]
    driver.send(
      .folder(FolderListing(folder: folder, entries: names.map { .init($0, isFolder: $1) })))
    let rows = driver.text.split(separator: "\n").suffix(2)
    // A blank at either end, also at the edges of the screen.
    let shown = rows.first.map { "\($0) " } ?? ""
    for name in offered { #expect(shown.contains(name)) }
    for name in others { #expect(!shown.contains(name)) }
  }
}

extension Driver {
  /// The folder that was asked for last.
  var lastFolder: String? {
    effects.compactMap { if case .listFolder(let folder) = $0 { folder } else { nil } }.last
  }
}
