import SpideData

/// What a sweep found of one combination with one seed: a row of its file.
public struct SweepRow: Sendable, Equatable {
  /// Which combination and seed it is.
  public let place: SweepPlace
  /// In the order of ``SweepMeasure/columns``; nil where there is no value, as where a training has diverged.
  public let figures: [Double?]

  /// A row.
  public init(_ place: SweepPlace, _ figures: [Double?]) {
    self.place = place
    self.figures = figures
  }

  /// The line that ``cells`` make, without its end.
  var line: String { CSV.line(cells) }

  private var cells: [String] {
    place.values.map(\.text) + [String(place.seed)]
      + figures.map { figure in
        // As in metrics files: the shortest text that reads back as the same number.
        figure.map { $0.isFinite ? JSON.double($0).description : "" } ?? ""
      }
  }

  /// Reads the cells of a line; nil for anything else.
  ///
  /// - Parameters:
  ///   - cells: values, seed, figures.
  ///   - keys: how many keys there are.
  ///   - measure: what was measured.
  init?(_ cells: [String], keys: Int, _ measure: SweepMeasure) {
    guard cells.count == keys + 1 + measure.columns.count, let seed = UInt64(cells[keys]) else {
      return nil
    }
    var figures: [Double?] = []
    for cell in cells[(keys + 1)...] {
      let number = SweepValue(cell).number
      guard cell.isEmpty || number != nil else { return nil }
      figures.append(number)
    }
    self.init(SweepPlace(values: cells[..<keys].map { SweepValue($0) }, seed: seed), figures)
  }
}

/// Which combination of a sweep, and with which seed.
public struct SweepPlace: Hashable, Sendable {
  /// In the order of the keys.
  public let values: [SweepValue]
  /// What everything random comes from.
  public let seed: UInt64

  /// A combination with a seed.
  public init(values: [SweepValue], seed: UInt64) {
    self.values = values
    self.seed = seed
  }

  /// A number for it, the same in every program: FNV-1a of its values and its seed, 0 … `Int.max`.
  var mark: Int {
    var hash = FNV()
    for value in values {
      hash.add(value.number.map { String($0) } ?? value.text)
      hash.add("\u{0}")
    }
    hash.add(String(seed))
    return Int(hash.value >> 1)
  }
}

/// The hash FNV-1a of 64 bits.
struct FNV {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func add(_ text: String) { for byte in text.utf8 { add(byte) } }

  /// The bits of numbers.
  mutating func add(_ numbers: [Float]) {
    for number in numbers {
      for shift in stride(from: UInt32(0), to: 32, by: 8) {
        add(UInt8(truncatingIfNeeded: number.bitPattern >> shift))
      }
    }
  }

  private mutating func add(_ byte: UInt8) {
    value = (value ^ UInt64(byte)) &* 0x100_0000_01b3
  }
}
