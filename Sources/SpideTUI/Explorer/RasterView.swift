/// How the two rasters are scrolled and zoomed.
struct RasterView: Hashable, Sendable {
  /// The first neuron shown, in the order of the files (channels first).
  var firstUnit = 0
  /// Neurons in one row; nil fits the whole layer.
  var unitsPerRow: Int?
}
