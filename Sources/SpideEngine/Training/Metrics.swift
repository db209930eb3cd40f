/// What one epoch of training came to. Accuracies and rates are fractions, losses are without the loss scale.
public struct EpochRecord: Sendable, Equatable {
  /// Counted from 1.
  public var epoch: Int
  /// Rate in force at the end of the epoch, before the loss scale divides it.
  public var learningRate: Float
  /// Mean cross-entropy over the training samples, while they were trained on.
  public var trainLoss: Double
  /// Share of training samples classified rightly, while they were trained on.
  public var trainAccuracy: Double
  /// Mean cross-entropy over the test set after the epoch; nil where there is no test set.
  public var testLoss: Double?
  /// Share of test samples classified rightly after the epoch.
  public var testAccuracy: Double?
  /// Per layer: share of (sample, step, unit) triples with a forward spike.
  public var forwardRate: [Double]
  /// Per layer: the same for backward spikes of either sign.
  public var backwardRate: [Double]
  /// Training samples per second of this epoch, the test left out; not-a-number where that is not known.
  public var samplesPerSecond: Double
  /// Since training started.
  public var seconds: Double
  /// Additions of a weight to a potential in this epoch's training, both stages.
  public var synapticOperations: Int
  /// Share of test samples whose class is among the five with the highest scores; nil where there is no test set, or no
  /// more than ten classes.
  public var testTop5Accuracy: Double?
  /// Per layer: share of (sample, step, unit) triples of the test with a spike; nil where there is no test set.
  public var testForwardRate: [Double]?
  /// The forward rate over the neurons of all layers together; nil where an older checkpoint does not have it.
  public var meanForwardRate: Double?
  /// The same for backward spikes of either sign.
  public var meanBackwardRate: Double?
  /// Synaptic operations of the epoch's training by stage; nil where an older checkpoint does not have them.
  public var operations: StageOperations?

  /// A record.
  public init(
    epoch: Int, learningRate: Float, trainLoss: Double, trainAccuracy: Double, testLoss: Double?,
    testAccuracy: Double?, forwardRate: [Double], backwardRate: [Double], samplesPerSecond: Double,
    seconds: Double, synapticOperations: Int, testTop5Accuracy: Double? = nil,
    testForwardRate: [Double]? = nil, meanForwardRate: Double? = nil,
    meanBackwardRate: Double? = nil, operations: StageOperations? = nil
  ) {
    self.epoch = epoch
    self.learningRate = learningRate
    self.trainLoss = trainLoss
    self.trainAccuracy = trainAccuracy
    self.testLoss = testLoss
    self.testAccuracy = testAccuracy
    self.forwardRate = forwardRate
    self.backwardRate = backwardRate
    self.samplesPerSecond = samplesPerSecond
    self.seconds = seconds
    self.synapticOperations = synapticOperations
    (self.testTop5Accuracy, self.testForwardRate) = (testTop5Accuracy, testForwardRate)
    (self.meanForwardRate, self.meanBackwardRate) = (meanForwardRate, meanBackwardRate)
    self.operations = operations
  }
}

/// What one batch of training came to, in the units of ``EpochRecord``: its place and loss, and what was counted.
public struct BatchRecord: Sendable, Equatable {
  /// Epoch that the batch belongs to, from 1.
  public var epoch: Int
  /// Batches trained since the start of the run, this one included.
  public var batch: Int
  /// Rate used for this update, before the loss scale divides it.
  public var learningRate: Float
  /// Mean cross-entropy of the batch, before its update.
  public var loss: Double
  /// What was counted in both stages, before the update.
  public var tally: Tally

  /// A record.
  public init(epoch: Int, batch: Int, learningRate: Float, loss: Double, tally: Tally) {
    self.epoch = epoch
    self.batch = batch
    self.learningRate = learningRate
    self.loss = loss
    self.tally = tally
  }

  /// Share of the batch classified rightly, before its update.
  public var accuracy: Double { tally.accuracy }
  /// Per layer, as in ``EpochRecord``.
  public var forwardRate: [Double] { tally.forward.rate }
  /// Per layer, as in ``EpochRecord``.
  public var backwardRate: [Double] { tally.backward.rate }
  /// Additions of a weight to a potential, both stages.
  public var synapticOperations: Int { tally.synapticOperations }
  /// As in ``EpochRecord``.
  public var meanForwardRate: Double { tally.forward.meanRate }
  /// As in ``EpochRecord``.
  public var meanBackwardRate: Double { tally.backward.meanRate }
  /// Synaptic operations by stage.
  public var operations: StageOperations { StageOperations(tally) }
  /// Samples in the batch.
  public var samples: Int { tally.samples }
}
