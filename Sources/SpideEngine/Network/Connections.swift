import CSpikeKernels

/// How many connections a link has: pairs of a source's and a target's unit that it joins (TheMethod.md, "Ledger"). Taps that
/// lie in the padding join nothing.
///
/// Units of one position have as many connections each, so all is counted by position. A dense link's ends are one position
/// each.
struct Connections: Sendable {
  /// Connections that leave each source unit at a position.
  let fanOut: [Int]
  /// Connections that enter each target unit at a position.
  let fanIn: [Int]
  /// Units at each position of the source and of the target.
  let sourceChannels: Int
  let targetChannels: Int
  /// All of them.
  let count: Int
  /// Whether they have weights to learn; a pool's have not.
  let hasWeights: Bool

  /// Where the windows lie; nil for a dense link and a pool.
  private let windows: WindowReach?

  init(_ form: LinkForm, source: LayerShape, target: LayerShape) {
    switch form {
    case .dense:
      (sourceChannels, targetChannels) = (source.count, target.count)
      (fanOut, fanIn) = ([target.count], [source.count])
      hasWeights = true
      windows = nil
    case .window(let window, let readsWide):
      (sourceChannels, targetChannels) = (source.channels, target.channels)
      let windows = WindowReach(window, readsWide: readsWide)
      let (narrow, wide) = (windows.narrowReach, windows.wideReach)
      fanOut = (readsWide ? wide : narrow).map { $0 * target.channels }
      fanIn = (readsWide ? narrow : wide).map { $0 * source.channels }
      hasWeights = true
      self.windows = windows
    case .pool(let size):
      (sourceChannels, targetChannels) = (source.channels, target.channels)
      let (rows, columns) = (target.height * size, target.width * size)
      fanOut = (0..<source.height).flatMap { row in
        (0..<source.width).map { row < rows && $0 < columns ? 1 : 0 }
      }
      fanIn = [Int](repeating: size * size, count: target.positions)
      hasWeights = false
      windows = nil
    }
    count = fanOut.reduce(0, +) * sourceChannels
  }

  /// Connections between some units of the source and some of the target, over which a weight learns.
  ///
  /// - Parameters:
  ///   - source: how many of its units at each position.
  ///   - target: the same of the target.
  ///   - sums: room for a number for each position of the wide side, with a row and a column more.
  func products(
    _ source: UnsafePointer<Int32>, _ target: UnsafePointer<Int32>,
    sums: UnsafeMutablePointer<Int32>
  ) -> Int {
    guard hasWeights else { return 0 }
    guard let windows else { return Int(source[0]) * Int(target[0]) }
    return windows.readsWide
      ? windows.products(wide: source, narrow: target, sums)
      : windows.products(wide: target, narrow: source, sums)
  }

  /// What ``products(_:_:sums:)`` needs room for.
  var sumsCount: Int { windows.map { ($0.wideRows + 1) * ($0.wideColumns + 1) } ?? 0 }

  /// The same for numbers of units in arrays.
  func products(_ source: [Int32], _ target: [Int32]) -> Int {
    precondition(
      source.count == fanOut.count && target.count == fanIn.count,
      "\(source.count) and \(target.count) positions, not \(fanOut.count) and \(fanIn.count)")
    var sums = [Int32](repeating: 0, count: sumsCount)
    return sums.withUnsafeMutableBufferPointer { sums in
      source.withUnsafeBufferPointer { source in
        target.withUnsafeBufferPointer { target in
          guard let source = source.baseAddress, let target = target.baseAddress else { return 0 }
          var none: Int32 = 0
          return withUnsafeMutablePointer(to: &none) {
            products(source, target, sums: sums.baseAddress ?? $0)
          }
        }
      }
    }
  }
}

extension NetworkPlan {
  /// The connections of a link; nil where the network has none such.
  func connections(of link: LinkID) -> Connections? {
    form(of: link).map { Connections($0, source: source(of: link), target: target(of: link)) }
  }

  /// Those of the classifier.
  var classifierConnections: Connections {
    let last = layers[layers.count - 1]
    return Connections(.dense, source: last, target: LayerShape(units: classes))
  }
}
