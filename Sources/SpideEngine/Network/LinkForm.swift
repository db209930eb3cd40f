import CSpikeKernels

/// The forms of links that the kernels know. A kind of link says which one it has; a form that is new here needs kernels of
/// its own, in each engine.
package enum LinkForm: Sendable {
  /// Every unit to every unit, with PyTorch's weight `[target, source]`, both channels-first.
  case dense
  /// A window over positions. Where the source lies on the wide side (`readsWide`), PyTorch's weight is
  /// `[target, source, kernel, kernel]`, else `[source, target, kernel, kernel]`.
  case window(spike_window, readsWide: Bool)
  /// Means over windows of `size × size` that do not overlap, channel by channel; one weight for all.
  case pool(size: Int)

  /// A window of `kernel × kernel` whose position on the narrow side lies over the wide side (see `spike_window`).
  static func window(
    wide: LayerShape, narrow: LayerShape, _ kernel: Int, _ stride: Int, _ padding: Int,
    readsWide: Bool
  ) -> LinkForm {
    .window(
      spike_window(
        wide_height: Int32(wide.height), wide_width: Int32(wide.width),
        narrow_height: Int32(narrow.height), narrow_width: Int32(narrow.width),
        kernel: Int32(kernel), stride: Int32(stride), padding: Int32(padding)),
      readsWide: readsWide)
  }

  /// Whether every unit goes to every unit, whatever their positions.
  var isDense: Bool {
    if case .dense = self { return true }
    return false
  }
}
