import SpideConfiguration
import Testing

/// SplitMix64: a failing seed reproduces its text.
private struct Generator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

@Suite struct MutationTests {
  /// Pieces of YAML and of numbers that parsers stumble over.
  private static let pieces = [
    "{", "}", "[", "]", ":", ": ", ",", "- ", "? ", "#", "&a ", "*a", "!!x ", "!", "|\n", ">\n",
    "'",
    "\"", "%", "@", "`", "\\", "\t", "\n", "\r", "\r\n", "---\n", "...\n", "<<: ", "~", "null", "0",
    "-1", "1e999", "65536", "256", "999999999999999999999", ".nan", "\0", "\u{85}", "\u{2028}",
    "\u{FEFF}", "\u{1F600}", "e\u{301}", "\u{10FFFF}", "\"\\ud800\"", "\"\\0\"", "%YAML 1.1\n",
  ]

  @Test(arguments: [validPreset, shortestPreset, validScreen])
  func mutatedTextDecodesOrGivesOneLine(original: String) {
    for seed in 0..<2000 {
      var generator = Generator(state: UInt64(seed))
      var scalars = Array(original.unicodeScalars)
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let start = Int.random(in: 0...scalars.count, using: &generator)
        let end = min(scalars.count, start + Int.random(in: 0...12, using: &generator))
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: scalars.removeSubrange(start..<end)
        case 1: scalars.insert(contentsOf: scalars[start..<end], at: 0)
        case 2:
          let target = Int.random(in: 0...scalars.count, using: &generator)
          scalars.insert(contentsOf: Array(scalars[start..<end]), at: target)
        default:
          let piece = MutationTests.pieces.randomElement(using: &generator) ?? ""
          scalars.replaceSubrange(
            start..<(Bool.random(using: &generator) ? start : end), with: piece.unicodeScalars)
        }
      }
      var text = ""
      text.unicodeScalars.append(contentsOf: scalars)
      let error = original == validScreen ? screenError(text) : presetError(text)
      guard let error else { continue }
      #expect(error.line >= 1 && error.column >= 1, "seed \(seed)")
      #expect(error.description.hasPrefix("x.yaml:\(error.line):\(error.column): "), "seed \(seed)")
      #expect(!error.description.contains { $0.isNewline }, "seed \(seed)")
      // The longest is that of a panel that is none: it names all that there are.
      #expect(error.description.unicodeScalars.count < 700, "seed \(seed): \(error)")
    }
  }

  @Test func mutatedOverridesDecodeOrGiveOneLine() {
    let overrides = [
      "network.links.1={ dense: { units: 3 } }", "training.learning-rate.decay-at=[3, 6]",
      "network.feedback.max-norm=3", "data={ source: none, shape: [2, 6, 6], classes: 3 }",
    ]
    for seed in 0..<2000 {
      var generator = Generator(state: UInt64(seed))
      var text = overrides[seed % overrides.count]
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let place = text.index(
          text.startIndex, offsetBy: Int.random(in: 0...text.count, using: &generator))
        text.insert(
          contentsOf: MutationTests.pieces.randomElement(using: &generator) ?? "", at: place)
      }
      guard let error = presetError(validPreset, overrides: [text]) else { continue }
      #expect(!error.description.contains { $0.isNewline }, "seed \(seed)")
      #expect(error.file == "--set " + text, "seed \(seed): \(error)")
    }
  }
}
