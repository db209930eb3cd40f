/// A screen with the digit that shows it.
public struct PlacedScreen: Sendable {
  /// The screen.
  public let screen: Screen
  /// 1 … 9 and then 0, as keyboards have them; nil where all are taken, and only `Tab` leads to it.
  public let key: Int?

  /// Why the key is not the one that the screen asks for; nil where it is.
  public var note: String? {
    if key == screen.key { return nil }
    let place = key.map { "it is on \($0)" } ?? "it has none"
    return "screen \(screen.name) asks for key \(screen.key), which another screen has; \(place)"
  }
}

extension ScreenLibrary {
  /// Usable screens by key, no key twice.
  ///
  /// The user's screens choose first, by name; then built-in ones. A screen whose key is taken moves to the
  /// lowest that nobody asks for, and ``PlacedScreen/note`` says so.
  public func arranged() -> [PlacedScreen] { arrangement().screens }

  /// ``arranged()``, with a line about each file that is no screen, and about each key that is another than asked for.
  public func arrangement() -> (screens: [PlacedScreen], problems: [String], notes: [String]) {
    var usable: [Screen] = []
    var problems: [String] = []
    for entry in list() {
      switch entry.item {
      case .success(let screen): usable.append(screen)
      case .failure(let error): problems.append(error.description)
      }
    }
    let placed = ScreenLibrary.arrange(usable)
    return (placed, problems, placed.compactMap(\.note))
  }

  static func arrange(_ screens: [Screen]) -> [PlacedScreen] {
    func place(_ key: Int) -> Int { key == 0 ? 10 : key }
    var free = Set(0...9).subtracting(screens.map(\.key))
    var taken: Set<Int> = []
    let placed = screens.map { screen in
      if taken.insert(screen.key).inserted { return PlacedScreen(screen: screen, key: screen.key) }
      let key = free.min { place($0) < place($1) }
      if let key { free.remove(key) }
      return PlacedScreen(screen: screen, key: key)
    }
    return placed.sorted { ($0.key.map(place) ?? 11) < ($1.key.map(place) ?? 11) }
  }
}
