/// How near some samples' spikes and gradients are to the exact ones (TheMethod.md, "Where the spike gradient errs"): means over the
/// samples, and errors of the summed gradient. What does not exist, for some sample, is nil.
public struct GradientInspection: Sendable, Equatable {
  /// Samples.
  public let samples: Int
  /// How many of them have an equilibrium.
  public let settled: Int
  /// Mean cross-entropy, without the loss scale.
  public let loss: Double
  /// Share of samples whose class was found.
  public let accuracy: Double
  /// What one backward spike counts; the same for every layer.
  public let resolution: Double
  /// One for each layer.
  public let layers: [LayerMeasure]
  /// One for each of ``NetworkPlan/parameters``.
  public let parameters: [ParameterError]
  /// The feedback; nil without one.
  public let loop: LoopMeasure?
  /// What all samples took, for their ledger.
  public let tally: Tally

  init(_ samples: [InspectedSample], _ split: GradientSplit, _ network: PackedNetwork) {
    let count = Double(samples.count)
    self.samples = samples.count
    settled = samples.count { $0.iterations != nil }
    loss = samples.reduce(0) { $0 + $1.loss } / count
    accuracy = Double(samples.count(where: \.isRight)) / count
    resolution = network.dynamics.resolution
    layers = network.plan.layers.indices.map { layer in
      LayerMeasure.mean(samples.map { $0.layers[layer] })
    }
    parameters = split.errors(network.plan)
    loop = network.feedback == nil ? nil : LoopMeasure(samples, network)
    tally = samples.reduce(into: Tally(plan: network.plan)) { $0 += $1.tally }
  }
}

/// The feedback loop of some samples.
public struct LoopMeasure: Sendable, Hashable {
  /// Mean spectral radius of one turn round the gated loop; above 1 there may be no equilibrium. Nil where a number is none.
  public let spectralRadius: Double?
  /// Whether the gates are those at equilibrium; where some sample has none, its own are the measured ones.
  public let isAtEquilibrium: Bool
  /// `‖W‖_F` of the feedback weight as it is stored.
  public let feedbackNorm: Double
  /// The largest norm with which it is used; nil for no limit.
  public let feedbackLimit: Double?
  /// Mean sweeps over the layers that the equilibrium took; nil where some sample has none.
  public let iterations: Double?

  /// Whether the feedback weight is used smaller than it is stored.
  public var isBound: Bool { feedbackLimit.map { feedbackNorm > $0 } ?? false }

  fileprivate init(_ samples: [InspectedSample], _ network: PackedNetwork) {
    func mean(_ values: [Double]) -> Double? {
      values.count == samples.count ? values.reduce(0, +) / Double(values.count) : nil
    }
    spectralRadius = mean(samples.compactMap(\.radius))
    iterations = mean(samples.compactMap { $0.iterations.map(Double.init) })
    isAtEquilibrium = samples.allSatisfy { $0.iterations != nil }
    feedbackNorm = network.feedbackNorm
    feedbackLimit = network.plan.feedbackMaxNorm.map { Double($0.description) ?? Double($0) }
  }
}

// MARK: Running samples

extension GradientInspection {
  /// Runs some samples of a set, on so many threads; the numbers do not depend on how many.
  ///
  /// - Parameters:
  ///   - network: weights and constants, without dropout.
  ///   - samples: the set.
  ///   - indices: which of it; at least one.
  ///   - batch: samples of the batch that each stands for: the method's divisor of `g`.
  ///   - threads: workers.
  ///   - isWanted: asked from any thread before every step and every sweep.
  ///   - progress: told, from any thread, how many samples are done.
  /// - Returns: nil once it is not wanted any more.
  public init?(
    network: PackedNetwork, samples: any SampleSource, indices: Range<Int>, batch: Int,
    threads: Int, while isWanted: @escaping @Sendable () -> Bool = { true },
    progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) {
    self.init(
      network: network, count: indices.count, threads: threads, while: isWanted, progress: progress
    ) { number in
      let index = indices.lowerBound + number
      return Session(
        network: network, input: samples.signal(index), label: samples.label(index), batch: batch,
        monitors: Monitors(), memoryLimit: 0)
    }
  }

  /// Runs one sample.
  ///
  /// - Parameters:
  ///   - network: weights and constants, without dropout.
  ///   - input: the sample, as a run takes it.
  ///   - label: its class.
  ///   - batch: samples of the batch that it stands for: the method's divisor of `g`.
  ///   - isWanted: asked before every step and every sweep.
  /// - Returns: nil once it is not wanted any more.
  public init?(
    network: PackedNetwork, input: InputSignal, label: Int, batch: Int,
    while isWanted: @escaping @Sendable () -> Bool = { true }
  ) {
    self.init(network: network, count: 1, threads: 1, while: isWanted, progress: { _ in }) { _ in
      Session(
        network: network, input: input, label: label, batch: batch, monitors: Monitors(),
        memoryLimit: 0)
    }
  }

  /// Bytes that the gradients of samples which run side by side may take, where fewer than one a worker would do with less.
  private static let memoryLimit = 64 << 20

  private init?(
    network: PackedNetwork, count: Int, threads: Int,
    while isWanted: @escaping @Sendable () -> Bool, progress: @escaping @Sendable (Int) -> Void,
    session: @escaping @Sendable (Int) -> Session
  ) {
    precondition(count > 0, "no sample to inspect")
    let executor = ThreadExecutor(threads: min(threads, count))
    let bytes = 4 * 4 * max(1, network.plan.parameterCount)
    let width = min(8 * executor.workers, Self.memoryLimit / bytes)
    let done = Guarded(0)
    var inspected: [InspectedSample] = []
    var sum: GradientSplit?
    let isDone = executor.inOrder(count, width: width) { number in
      guard isWanted() else { return (InspectedSample, GradientSplit)?.none }
      var session = session(number)
      guard let result = InspectedSample.run(&session, while: isWanted) else { return nil }
      progress(
        done.withLock { done in
          done += 1
          return done
        })
      return result
    } take: { sample, split in
      inspected.append(sample)
      if sum == nil { sum = split } else { sum?.add(split) }
    }
    guard isDone, let sum else { return nil }
    self.init(inspected, sum, network)
  }
}
