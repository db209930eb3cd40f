/// How the kernels that train number the units of a layer: channels last, as everywhere in the engine, but with the
/// channels of every position padded to whole vectors.
struct PaddedLayout: Sendable {
  let shape: LayerShape
  /// Units from one position to the next.
  let stride: Int

  /// Units in one vector of the kernels.
  static let lanes = 8

  /// `padsTo` is 1 for an input, whose real numbers no kernel takes as a vector.
  init(_ shape: LayerShape, padsTo lanes: Int = PaddedLayout.lanes) {
    self.shape = shape
    stride = (shape.channels + lanes - 1) / lanes * lanes
  }

  var positions: Int { shape.positions }
  /// Units, those between two positions included.
  var units: Int { positions * stride }
  /// Bytes of one bit for each unit.
  var bytes: Int { units / 8 }

  /// The padded number of an engine unit.
  func padded(_ unit: Int) -> Int { unit / shape.channels * stride + unit % shape.channels }
}
