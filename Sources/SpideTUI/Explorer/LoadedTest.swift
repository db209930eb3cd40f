import SpideData
import SpideEngine
import SpideExperiment

/// Work for a thread other than the screen's: how good weights from a file are.
public struct EvaluationOrder: Sendable {
  /// The training that the answer belongs to.
  let run: Int
  let plan: NetworkPlan
  let parameters: Parameters
  let dynamics: Dynamics
  let data: DataSplit

  /// Does the work on so many threads, while it is wanted; nil where it was given up.
  package func carryOut(
    threads: Int, while isWanted: @escaping @Sendable () -> Bool = { true }
  ) -> EvaluationAnswer? {
    let evaluation = Evaluation(
      of: data.test, plan: plan, parameters: parameters, dynamics: dynamics, threads: threads,
      while: isWanted)
    guard let evaluation else { return nil }
    return EvaluationAnswer(run: run, evaluation: data.failure == nil ? evaluation : nil)
  }
}

/// What came of an ``EvaluationOrder``.
public struct EvaluationAnswer: Sendable {
  let run: Int
  /// Nil where a sample could not be read.
  let evaluation: Evaluation?
}

extension Model {
  /// Orders the test of weights that were just loaded.
  mutating func orderEvaluation() -> [Effect] {
    guard training.loadedTest == .due else { return [] }
    training.loadedTest = .running
    return [
      .evaluate(
        EvaluationOrder(
          run: training.run, plan: plan, parameters: parameters, dynamics: dynamics, data: data))
    ]
  }

  /// Training moves the weights on: their test is not waited for any more.
  mutating func giveUpEvaluation() -> [Effect] {
    guard training.loadedTest == .due || training.loadedTest == .running else { return [] }
    training.loadedTest = .none
    return [.stopEvaluating]
  }

  /// Takes in a test, unless another training has begun meanwhile or this one moved on.
  mutating func take(_ answer: EvaluationAnswer) {
    guard answer.run == training.run, training.loadedTest == .running else { return }
    training.loadedTest = .none
    guard let evaluation = answer.evaluation else { return }
    training.add(evaluation)
    if note?.isError == true { return }
    note = Note(
      text: "\(loadedSummary); test accuracy \(NumberText.percent(evaluation.accuracy))")
  }
}
