/// The run that a metrics file ends with. A run begins where epochs or batches stop counting up.
struct MetricsHistory {
  /// A record of the run and the bytes of its line, without its end.
  struct Line {
    let key: MetricsKey
    let bytes: Range<Int>
  }

  /// The records of the run, in their order.
  private(set) var lines: [Line] = []
  private let bytes: [UInt8]
  private let form: MetricsForm

  /// Reads the lines of a file; what is no record is passed over.
  init(_ bytes: [UInt8], form: MetricsForm) {
    self.bytes = bytes
    self.form = form
    var count = MetricsCount()
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      defer { start = end + 1 }
      guard let key = form.key(bytes[start..<end]) else { continue }
      if count.take(key) { lines = [] }
      lines.append(Line(key: key, bytes: start..<end))
    }
  }

  /// The first value in which a record of the run differs from that of another, times left out, and what an older
  /// program did not record; nil where none does.
  func difference(
    _ line: Line, from record: JSON
  ) -> (name: String, here: String, there: String)? {
    let mine = form.values(bytes[line.bytes])
    for (name, value) in form.values(Array(form.line(record).utf8)[...]) {
      let here = mine.first { $0.name == name }?.value
      if here == nil, MetricsForm.isLater(name) { continue }
      if here != value { return (name, here ?? "none", value) }
    }
    return nil
  }
}

/// Counts up with the records of a run: where epochs or batches stop counting up, another run begins.
struct MetricsCount {
  private var epoch = 0
  private var batch = 0

  /// Takes in a record; whether another run begins with it.
  mutating func take(_ key: MetricsKey) -> Bool {
    switch key {
    case .epoch(let number):
      let begins = number <= epoch
      if begins { batch = 0 }
      epoch = number
      return begins
    case .batch(let number, let inEpoch):
      let begins = number <= batch || inEpoch <= epoch
      if begins { epoch = 0 }
      batch = number
      return begins
    }
  }
}
