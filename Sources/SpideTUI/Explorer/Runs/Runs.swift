/// The runs that are open, in the order in which they were begun.
struct Runs: Sendable {
  private(set) var list: [Run] = []
  /// The one that the model's fields hold.
  private(set) var current = 0
  /// The row of the list that keys act on.
  var selected = 0
  /// The run whose curves lie on top, whichever is current; nil for the current one.
  var pinned: Int?
  /// How curves are drawn.
  var plot = RunPlot()
  /// The runs whose folders are looked at for what other programs add to them.
  var followed: [Int] = []
  /// A change of the current run that is on its way.
  var pending: PendingRunChange?
  /// Bytes that all recordings may take; nil before anything is recorded.
  private(set) var budget: Int?
  private var lastID = -1
  private var lastNumber = 0

  subscript(id: Int) -> Run? {
    get { list.first { $0.id == id } }
    set {
      guard let place = list.firstIndex(where: { $0.id == id }), let newValue else { return }
      list[place] = newValue
    }
  }

  /// The current run's entry; nil before the first.
  var currentRun: Run? { self[current] }
  /// The row of the current run.
  var currentRow: Int { list.firstIndex { $0.id == current } ?? 0 }
  /// The run that keys act on.
  var selectedRun: Run? { list.indices.contains(selected) ? list[selected] : currentRun }

  func named(_ name: some StringProtocol) -> Run? { list.first { $0.name == name } }

  /// What is to be known of a run that begins.
  struct Beginning {
    /// A name that was asked for; nil makes one of `base`.
    var name: String?
    var base: String
    var origin: Run.Origin?
    var difference = ""
    var isOverlaid = false
    var folder: String?
    var dataFolder: String?
  }

  /// Adds a run and makes it the current one.
  ///
  /// - Parameter replacing: whether it takes the place of the current one, with its number and its colour.
  /// - Returns: its identity.
  @discardableResult
  mutating func begin(_ beginning: Beginning, replacing: Bool = false) -> Int {
    let replaced = replacing ? currentRun : nil
    let place = replaced == nil ? list.count : currentRow
    if let replaced { remove(replaced.id) }
    lastID += 1
    if replaced == nil { lastNumber += 1 }
    var run = Run(
      id: lastID, number: replaced?.number ?? lastNumber,
      name: beginning.name ?? freeName(beginning.base), base: beginning.base,
      origin: beginning.origin, difference: beginning.difference,
      series: replaced?.series ?? freeSeries, dataFolder: beginning.dataFolder)
    run.isOverlaid = beginning.isOverlaid
    run.folder = beginning.folder
    list.insert(run, at: place)
    current = run.id
    selected = currentRow
    return run.id
  }

  /// Makes a run the current one whose fields are the model's from now on.
  mutating func enter(_ id: Int) -> RunState? {
    guard let place = list.firstIndex(where: { $0.id == id }), let state = list[place].kept else {
      return nil
    }
    list[place].kept = nil
    current = id
    selected = place
    return state
  }

  /// Forgets a run that is not the current one.
  mutating func remove(_ id: Int) {
    list.removeAll { $0.id == id }
    if pinned == id { pinned = nil }
    selected = max(0, min(selected, list.count - 1))
  }

  /// The current one, to be in place of the one that is closed: where that came from, or else its neighbour.
  func successor(of id: Int) -> Run? {
    guard let place = list.firstIndex(where: { $0.id == id }) else { return nil }
    if let origin = list[place].origin, let parent = self[origin.id] { return parent }
    return place > 0 ? list[place - 1] : list.count > 1 ? list[place + 1] : nil
  }

  /// Takes in what is recorded of the other runs.
  mutating func take(_ memory: RecordingMemory) {
    budget = memory.budget
    for place in list.indices {
      guard let part = memory.others[list[place].id] else { continue }
      list[place].kept?.training.recorded = part
    }
  }

  /// The first of `digits`, `digits-2`, `digits-3` … that no run has.
  private func freeName(_ base: String) -> String {
    var (name, number) = (base, 1)
    while named(name) != nil {
      number += 1
      name = "\(base)-\(number)"
    }
    return name
  }

  /// The first series that no run has. Where there are more runs than marks, it is one that a run has.
  private var freeSeries: Int {
    let taken = Set(list.map(\.series))
    return (0...list.count).first { !taken.contains($0) } ?? 0
  }
}
