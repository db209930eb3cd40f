import SpideEngine

extension EpochTally {
  /// The sums as a checkpoint keeps them; they read back as the same numbers.
  var json: JSON {
    .object([
      ("samples", .int(samples)), ("loss", .double(loss)), ("correct", .int(counts.correct)),
      ("forward", counts.forward.json), ("backward", counts.backward.json),
      ("gradient", .ints(counts.gradient)),
      ("earlier_operations", .int(earlierOperations)),
      ("samples_without_products", .int(samplesWithoutProducts)),
    ])
  }

  /// Reads what ``json`` gives, or gave before multiply-accumulates were counted; nil for anything else.
  init?(json: JSON, plan: NetworkPlan) {
    guard let samples = json["samples"]?.integer, let loss = json["loss"]?.number,
      let correct = json["correct"]?.integer, let earlier = json["earlier_operations"]?.integer,
      let forward = json["forward"].flatMap({ StageTally(json: $0, plan: plan) }),
      let backward = json["backward"].flatMap({ StageTally(json: $0, plan: plan) })
    else { return nil }
    self.init(plan: plan)
    counts = Tally(samples: samples, correct: correct, forward: forward, backward: backward)
    (self.loss, earlierOperations) = (loss, earlier)
    guard let gradient = json["gradient"] else {
      samplesWithoutProducts = samples
      return
    }
    guard let products = gradient.integers, products.count == counts.gradient.count,
      let without = json["samples_without_products"]?.integer
    else { return nil }
    (counts.gradient, samplesWithoutProducts) = (products, without)
  }

  /// Reads what checkpoints had before they had counts: sums of the samples' rates, and the operations of all links
  /// together. Rates are counts over updates, so that rounding gives the counts back. Nil for anything else.
  init?(older json: JSON, plan: NetworkPlan, dynamics: Dynamics) {
    guard let samples = json["samples"]?.integer, let loss = json["loss"]?.number,
      let correct = json["correct"]?.number, let forward = json["forward_rate"]?.numbers,
      let backward = json["backward_rate"]?.numbers,
      let operations = json["synaptic_operations"]?.integer
    else { return nil }
    // No sum is larger; a sum of quotients is a little off.
    let sums = [correct] + forward + backward
    guard (0...1 << 40).contains(samples), forward.count == plan.layers.count,
      backward.count == plan.layers.count,
      sums.allSatisfy({ $0 >= 0 && $0 <= Double(samples) * (1 + 1e-9) })
    else { return nil }
    func stage(_ rates: [Double], steps: Int) -> StageTally? {
      var tally = StageTally(plan: plan)
      for (layer, shape) in plan.layers.enumerated() {
        let updates = Double(samples) * Double(steps) * Double(shape.count)
        guard updates < 0x1p62 else { return nil }
        tally.updates[layer] = Int(updates)
        tally.spikes[layer] = min(
          Int(updates), Int((rates[layer] * Double(steps) * Double(shape.count)).rounded()))
      }
      return tally
    }
    guard let forward = stage(forward, steps: dynamics.forwardSteps),
      let backward = stage(backward, steps: dynamics.backwardSteps)
    else { return nil }
    self.init(plan: plan)
    counts = Tally(
      samples: samples, correct: min(samples, Int(correct.rounded())), forward: forward,
      backward: backward)
    (self.loss, earlierOperations) = (loss, operations)
    samplesWithoutProducts = samples
  }
}

extension StageTally {
  fileprivate var json: JSON {
    .object([
      ("spikes", .ints(spikes)), ("updates", .ints(updates)), ("operations", .ints(operations)),
      ("multiply_accumulates", .ints(multiplyAccumulates)),
    ])
  }

  /// Reads what ``json`` gives, for the same layers and links; nil for anything else.
  fileprivate init?(json: JSON, plan: NetworkPlan) {
    guard let spikes = json["spikes"]?.integers, let updates = json["updates"]?.integers,
      let operations = json["operations"]?.integers, spikes.count == plan.layers.count,
      updates.count == spikes.count, operations.count == plan.allLinks.count
    else { return nil }
    self.init(spikes: spikes, updates: updates, operations: operations)
    guard let products = json["multiply_accumulates"] else { return }
    guard let products = products.integers, products.count == multiplyAccumulates.count else {
      return nil
    }
    multiplyAccumulates = products
  }
}
