/// The authors' way from counts of events to frames: a picture of 8 bits, shrunk as Pillow shrinks one of luminance and
/// alpha (TheMethod.md, "CIFAR10-DVS files").
///
/// A count `k` becomes `(255 k) mod 256`, so that 0 stays black, one event is white and every further one a shade
/// darker. The first polarity is the luminance, the second the alpha. The luminance is multiplied by the alpha,
/// both are shrunk to 48×48, rows first and then columns, and the luminance is divided by the new alpha. All of it in
/// whole numbers that are rounded after each step, as they are there.
package enum AuthorsPicture {
  /// What divides the numbers of a new frame.
  package static let scale: Float = 255

  private static let old = EventFile.side
  private static let new = AreaShrink.side
  /// Binary places of the weights.
  private static let places = 22

  /// For each new row or column: the first old one under its triangle, and the weights of that and the following ones.
  private static let triangles: [(first: Int, weights: [Int])] = (0..<new).map { place in
    // Bilinear with antialiasing: the triangle is as much wider than a pixel as the picture is shrunk.
    let width = Double(old) / Double(new)
    let center = (Double(place) + 0.5) * width
    let first = max(0, Int(center - width + 0.5))
    let end = min(old, Int(center + width + 0.5))
    let heights = (first..<end).map { max(0, 1 - abs((Double($0) - center + 0.5) / width)) }
    let sum = heights.reduce(0, +)
    return (first, heights.map { Int(0.5 + $0 / sum * Double(1 << places)) })
  }

  /// Appends 255 times the frame, `[2, 48, 48]`, of counts `[2, 128, 128]`.
  package static func append(_ counts: [UInt32], to frames: inout [UInt32]) {
    let plane = old * old
    let bytes = counts.map { Int(UInt8(truncatingIfNeeded: 255 &* $0)) }
    let alpha = shrink(bytes[plane...])
    let luminance = shrink((0..<plane).map { product(bytes[$0], bytes[plane + $0]) }[...])
    for (light, alpha) in zip(luminance, alpha) {
      frames.append(UInt32(alpha == 0 ? light : min(255, 255 * light / alpha)))
    }
    frames.append(contentsOf: alpha.map(UInt32.init))
  }

  /// `a b / 255`, rounded.
  private static func product(_ a: Int, _ b: Int) -> Int {
    let product = a * b + 128
    return (product >> 8 + product) >> 8
  }

  /// One channel `[128, 128]` as `[48, 48]`.
  private static func shrink(_ channel: ArraySlice<Int>) -> [Int] {
    let start = channel.startIndex
    var narrow: [Int] = []
    narrow.reserveCapacity(old * new)
    for row in 0..<old {
      for triangle in triangles {
        narrow.append(
          sum(triangle.weights) { channel[start + row * old + triangle.first + $0] })
      }
    }
    var small: [Int] = []
    small.reserveCapacity(new * new)
    for triangle in triangles {
      for column in 0..<new {
        small.append(sum(triangle.weights) { narrow[(triangle.first + $0) * new + column] })
      }
    }
    return small
  }

  /// The weighted sum of 8-bit values, rounded to one.
  private static func sum(_ weights: [Int], _ value: (Int) -> Int) -> Int {
    var sum = 1 << (places - 1)
    for index in weights.indices { sum += weights[index] * value(index) }
    return min(255, sum >> places)
  }
}
