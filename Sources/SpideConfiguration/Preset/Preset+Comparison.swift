import SpideEngine

extension Preset {
  /// The first key for which training by this preset takes another trajectory than by `other`; nil where one can go on with
  /// what the other has begun. More or fewer epochs are the same trajectory, longer or shorter.
  public func difference(from other: Preset) -> String? {
    let (mine, theirs) = (dynamics, other.dynamics)
    let (plan, otherPlan) = (training, other.training)
    let pairs: [(String, Bool)] = [
      ("data", data == other.data),
      ("neuron", mine.forward == theirs.forward),
      ("backward", mine.backward == theirs.backward),
      ("steps.forward", mine.forwardSteps == theirs.forwardSteps),
      ("steps.backward", mine.backwardSteps == theirs.backwardSteps),
      ("network", network == other.network),
      ("network.initial-weights", plan.initialWeights == otherPlan.initialWeights),
      ("training.batch", plan.batch == otherPlan.batch),
      ("training.optimizer", plan.optimizer == otherPlan.optimizer),
      ("training.learning-rate", plan.learningRate == otherPlan.learningRate),
      ("training.weight-decay", plan.weightDecay == otherPlan.weightDecay),
      ("training.loss-scale", mine.lossScale == theirs.lossScale),
    ]
    if let difference = pairs.first(where: { !$0.1 }) { return difference.0 }
    var same = plan
    same.epochs = otherPlan.epochs
    return same == otherPlan && mine == theirs ? nil : "training"
  }
}
