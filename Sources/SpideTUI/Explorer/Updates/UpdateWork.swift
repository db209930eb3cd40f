import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment

/// What the answer to a question about an update takes.
enum UpdateWork: Sendable {
  /// The update is trained again from what is recorded.
  case replay(Recording, update: Int)
  case map(UpdateAccount, parameter: Int, WeightMap.View)
  case weight(WeightIndex, BatchUpdate)
  case spikes(WeightIndex, WeightAccount.Push, BatchUpdate)
}

extension UpdateOrder {
  /// Does the work on so many threads, for as long as it is wanted.
  ///
  /// - Parameters:
  ///   - threads: workers. What comes out does not depend on them.
  ///   - isWanted: asked from any thread, often.
  ///   - passing: told how far it is.
  /// - Returns: nil where it was given up.
  package func carryOut(
    threads: Int, while isWanted: @escaping @Sendable () -> Bool = { true },
    passing: (UpdateNews) -> Void = { _ in }
  ) -> UpdateNews? {
    func news(_ value: UpdateNews.Value) -> UpdateNews {
      UpdateNews(subject: subject, question: question, value: value)
    }
    do throws(DataError) {
      try PresetTask.training(threads: threads).requireMemory(preset)
    } catch {
      return news(.failure(error.description))
    }
    let plan = preset.network
    func samples(_ update: BatchUpdate) -> any SampleSource {
      data.with(forwardSteps: update.before.dynamics.forwardSteps).train
    }
    let value: UpdateNews.Value?
    switch work {
    case .replay(let recording, let number):
      let replay = Recording.Replay(
        plan: plan, training: preset.training, threads: threads
      ) { [data] in data.with(forwardSteps: $0).train }
      let update = recording.update(number, by: replay) { done, all in
        passing(news(.progress(done: done, all: all)))
        return isWanted()
      }
      let account = update.flatMap { update in
        UpdateAccount(update, while: isWanted).map { account in
          var account = account
          account.lossAfter = update.lossAfter(
            plan: plan, samples: samples(update), threads: threads)
          return account
        }
      }
      value = account.map { .account($0) }
    case .map(let account, let parameter, let view):
      value = .map(WeightMap(account, parameter: parameter, view))
    case .weight(let weight, let update):
      value = WeightAccount(
        weight, of: update, plan: plan, samples: samples(update), threads: threads,
        while: isWanted
      ).map { .weight($0) }
    case .spikes(let weight, let push, let update):
      value = push.strongest.flatMap { pair in
        SynapseSpikes(
          of: weight, pair, sample: push.sample, in: update, plan: plan, samples: samples(update),
          while: isWanted)
      }.map { .spikes($0) }
    }
    guard let value, isWanted() else { return nil }
    return news(data.failure.map { .failure($0.description) } ?? value)
  }
}
