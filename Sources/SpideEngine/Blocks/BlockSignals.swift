/// What the gradients of a micro-batch are made of, `[sample][unit]` each: it outlives the micro-batch's run, so that another can go on in
/// the same memory.
final class BlockSignals: Sendable {
  /// One layer's.
  ///
  /// Unchecked, as the micro-batch's other memory: one thread writes it while its run goes on, and nobody afterwards.
  struct Layer: @unchecked Sendable {
    /// Numerators of the firing rates.
    let forwardSum: AlignedBuffer<Float>
    let backwardSum: AlignedBuffer<Float>
    /// Which spikes travel back over the link into the layer, as bits: gate and mask.
    let backwardMask: AlignedBuffer<UInt8>
  }

  private let blocks: BlockPlan
  private let capacity: Int
  let layers: [Layer]
  /// The micro-batch's own.
  ///
  /// Unchecked: see ``Layer``.
  struct Ends: @unchecked Sendable {
    /// The input; of a varying one the mean over time.
    let inputs: AlignedBuffer<Float>
    /// Which of layer 0's errors the input link learns from, as bits: gate and mask.
    let inputGate: AlignedBuffer<UInt8>
    /// `a_{N-1}`.
    let rate: AlignedBuffer<Float>
    /// Scores, and then their gradient, by padded class.
    let scores: AlignedBuffer<Float>
  }
  let ends: Ends

  /// For micro-batches of up to `capacity` samples.
  init(_ blocks: BlockPlan, capacity: Int) {
    (self.blocks, self.capacity) = (blocks, capacity)
    layers = blocks.layers.map {
      Layer(
        forwardSum: AlignedBuffer(count: capacity * $0.units),
        backwardSum: AlignedBuffer(count: capacity * $0.units),
        backwardMask: AlignedBuffer(count: capacity * $0.bytes + 8))
    }
    let last = blocks.layers[blocks.layers.count - 1]
    ends = Ends(
      // Gradients read whole vectors.
      inputs: AlignedBuffer(count: capacity * blocks.inputLayout.units + PaddedLayout.lanes),
      inputGate: AlignedBuffer(count: capacity * blocks.layers[0].bytes + 8),
      rate: AlignedBuffer(count: capacity * last.units),
      scores: AlignedBuffer(count: capacity * blocks.links[blocks.links.count - 1].target.units))
  }

  /// What is kept from one network of the same plan to the next, or made anew where that does not do.
  static func kept(
    _ signals: inout BlockSignals?, of blocks: BlockPlan, capacity: Int
  ) -> BlockSignals {
    if let signals, signals.blocks === blocks, signals.capacity >= capacity { return signals }
    // What was there goes first.
    signals = nil
    let fresh = BlockSignals(blocks, capacity: capacity)
    signals = fresh
    return fresh
  }
}
