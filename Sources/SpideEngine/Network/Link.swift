/// What carries the spikes of one layer to the next: the kind of a link with its sizes, its bias and its dropout.
public struct Link: Hashable, Sendable {
  /// The linear map.
  public let kind: AnyLinkKind
  /// Whether a bias is added at every time step (never for a kind without a weight).
  public let hasBias: Bool
  /// Probability that a unit of the link's output is dropped for a whole sample while training, in `0 ..< 1`.
  public let dropout: Float

  /// A link; a kind without a weight has no bias, whatever `hasBias` says.
  public init(_ kind: AnyLinkKind, hasBias: Bool = true, dropout: Float = 0) {
    self.kind = kind
    self.hasBias = hasBias && kind.hasWeight
    self.dropout = dropout
  }
}
