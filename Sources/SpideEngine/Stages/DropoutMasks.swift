/// Variational dropout (TheMethod.md, "Dropout"): which units of each link's output are kept, drawn once for a sample and
/// used at all steps of both stages. 1 keeps, 0 drops; the scale `1/(1-p)` lies in the packed weights.
public struct DropoutMasks: Sendable, Equatable {
  /// Mask of the input link's output; nil where that link drops nothing. Engine order, like all of them.
  public let input: [UInt8]?
  /// Masks of the links' outputs.
  public let links: [[UInt8]?]
  /// Mask of the feedback's output.
  public let feedback: [UInt8]?

  /// Draws the masks of one sample.
  public init(network: PackedNetwork, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    func draw(_ link: PackedLink) -> [UInt8]? {
      guard link.scales.dropout > 0 else { return nil }
      let layout = PaddedLayout(link.map.target)
      var bits = [UInt8](repeating: 0, count: layout.bytes)
      generator.drawMask(
        layout.shape, stride: layout.stride, dropout: link.scales.dropout, into: &bits)
      return (0..<layout.shape.count).map { unit in
        let padded = layout.padded(unit)
        return bits[padded >> 3] >> UInt8(padded & 7) & 1
      }
    }
    input = draw(network.input)
    links = network.links.map { draw($0) }
    feedback = network.feedback.flatMap { draw($0) }
  }

  /// The mask of a link's output; nil where it drops nothing.
  package func mask(of link: LinkID) -> [UInt8]? {
    switch link {
    case .input: return input
    case .link(let index): return links[index]
    case .feedback: return feedback
    }
  }
}
