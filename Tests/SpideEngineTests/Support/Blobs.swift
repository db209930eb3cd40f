import SpideEngine

/// Three noisy patterns on a 1×4×4 picture: easy to learn, and different for every sample and frame. Augmentation shifts the
/// picture by up to one column.
struct Blobs: SampleSource {
  let count: Int
  var seed: UInt64 = 1
  var frames = 1
  var shape: LayerShape { LayerShape(channels: 1, height: 4, width: 4) }
  var classNames: [String] { ["left", "right", "both"] }

  func label(_ index: Int) -> Int { index * 7 % 3 }

  func read(_ index: Int, augmentation: UInt64?, into buffer: inout [Float]) {
    var draw = Draw(SeededGenerator.stream(seed, UInt64(index)))
    let label = label(index)
    let noise = draw.normal(frames * 16, deviation: 0.2)
    let shift = augmentation.map { seed in
      var draw = Draw(seed)
      return draw.integer(-1...1)
    }
    for place in noise.indices {
      let column = (place % 4 + (shift ?? 0) + 4) % 4
      let lit = label == 2 || (column < 2) == (label == 0)
      buffer[place] = (lit ? 1 : -0.5) + noise[place]
    }
  }
}
