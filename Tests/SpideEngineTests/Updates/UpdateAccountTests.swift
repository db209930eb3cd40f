import SpideEngine
import Testing

/// The account of an update against what the trainer did: its numbers add up.
@Suite struct UpdateAccountTests {
  /// The step that is written down leads to the very weight and memory that the trainer has, bit for bit.
  @Test(arguments: try UpdateCase.all()) func theStepIsTheTrainers(_ own: UpdateCase) throws {
    let update = try own.update()
    let account = try #require(UpdateAccount(update))
    var moved = 0
    for weight in own.weights(account) {
      let why = try own.account(of: weight, update)
      func after(_ parameters: Parameters) -> Float {
        parameters.values[weight.parameter][weight.index]
      }
      #expect(why.step.weight == after(update.after.parameters), "\(weight)")
      #expect(why.step.memory == update.after.optimizer.memory.map(after), "\(weight)")
      #expect(why.before + why.step.change == why.step.weight)
      #expect(why.step.lines.last?.value == why.step.change)
      if why.step.change != 0 { moved += 1 }
    }
    #expect(moved > 20)
  }

  /// What the samples push a weight by is its gradient. Products of spikes are whole numbers without a leak, so that their sum
  /// has no rounding and the gradient is that sum times one constant, rounded once: the same bits. Else the trainer rounds
  /// at each of at most n additions, of terms that are no larger than the strongest one: n² times that, times 2^-24.
  @Test(arguments: try UpdateCase.all()) func thePushesAddUp(_ own: UpdateCase) throws {
    let update = try own.update()
    let account = try #require(UpdateAccount(update))
    var exact = 0
    for weight in own.weights(account) {
      let why = try own.account(of: weight, update)
      let name = own.plan.parameters[weight.parameter].name
      #expect(why.pushes.map(\.sample).sorted() == update.indices.sorted())
      #expect(why.gradient == update.gradients.values[weight.parameter][weight.index])
      let ofSpikes =
        name.hasPrefix("links") || name.hasPrefix("feedback") || name == "input.bias"
      if ofSpikes, own.countsWholeNumbers {
        #expect(Float(why.sum) == why.gradient, "\(name) \(weight.index)")
        exact += why.gradient == 0 ? 0 : 1
      } else {
        let largest =
          why.pushes.map { push in
            abs(push.strongest.map { $0.error * ($0.rate ?? 1) } ?? 0) * why.factors.scale
          }.max() ?? 0
        let terms = Double(why.pushes.count * (why.pushes.map(\.pairs).max() ?? 0))
        #expect(
          abs(why.sum - Double(why.gradient)) <= terms * terms * largest * 0x1p-24,
          "\(name) \(weight.index): \(why.sum) and \(why.gradient)")
      }
    }
    #expect(!own.countsWholeNumbers || exact > 8)
  }

  /// A push over a single pair is the formula, `m β a` times the factors. Single precision has rounded the constants a few
  /// times: 8 · 2^-24.
  @Test(arguments: try UpdateCase.all()) func aPushIsTheFormula(_ own: UpdateCase) throws {
    let update = try own.update()
    let account = try #require(UpdateAccount(update))
    var (open, shut, dropped) = (0, 0, 0)
    for weight in own.weights(account) {
      let why = try own.account(of: weight, update)
      for push in why.pushes where push.pairs == 1 {
        let pair = try #require(push.strongest)
        let product = why.factors.scale * pair.error * (pair.rate ?? 1)
        let passes = pair.isOpen && pair.isKept
        #expect(
          abs(push.gradient - (passes ? product : 0)) <= abs(product) * 8 * 0x1p-24,
          "\(weight): \(push)")
        #expect(push.active == (push.gradient == 0 ? 0 : 1))
        if push.gradient != 0 { open += 1 }
        if !pair.isOpen, product != 0 { shut += 1 }
        if !pair.isKept { dropped += 1 }
      }
    }
    #expect(open > 0 && shut > 0)
    let hasDense = own.plan.allLinks.contains { own.plan.isDense($0) }
    #expect(!hasDense || (dropped > 0) == own.testDescription.contains("dropout"))
    // The limit of the dense networks' feedback binds.
    let feedback = try #require(own.plan.parameters.firstIndex { $0.name == "feedback.weight" })
    let factors = try own.account(of: WeightIndex(parameter: feedback, index: 0), update).factors
    #expect(factors.norm < 1 || !hasDense)
  }

  /// Sizes are those of the differences, shares add up, and the weights that moved most are the first of all by size.
  @Test(arguments: try UpdateCase.all()) func theSizesAreThoseOfTheWeights(_ own: UpdateCase) throws
  {
    let update = try own.update()
    let account = try #require(UpdateAccount(update))
    func size(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    var all: [(weight: WeightIndex, change: Double)] = []
    for (number, parameter) in account.parameters.enumerated() {
      let (before, after) = (
        update.before.parameters.values[number], update.after.parameters.values[number]
      )
      let changes = zip(before, after).map { Double($1) - Double($0) }
      #expect(near(parameter.change, size(changes)))
      #expect(near(parameter.weight, size(before.map(Double.init))))
      #expect(near(parameter.gradient, size(update.gradients.values[number].map(Double.init))))
      let shares = try #require(parameter.shares)
      #expect(abs(shares.total - 1) < 1e-12)
      let own = changes.enumerated().map {
        (weight: WeightIndex(parameter: number, index: $0.offset), change: $0.element)
      }
      expectLargest(parameter.largest, own)
      all += own
    }
    #expect(near(account.whole.change, size(all.map(\.change))))
    expectLargest(account.whole.largest, all)
    #expect(account.whole.largest.count == UpdateAccount.named)
  }

  private func near(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-12 * abs(b) }

  private func expectLargest(
    _ largest: [MovedWeight], _ all: [(weight: WeightIndex, change: Double)]
  ) {
    let moved = all.filter { $0.change != 0 }
    let sorted = moved.enumerated().sorted { a, b in
      let (first, second) = (abs(a.element.change), abs(b.element.change))
      return first == second ? a.offset < b.offset : first > second
    }
    #expect(largest.map(\.weight) == sorted.prefix(UpdateAccount.named).map(\.element.weight))
    #expect(largest.map(\.change) == sorted.prefix(UpdateAccount.named).map(\.element.change))
  }

  /// The parts of every step add up to what the weights moved by, but for the rounding of single precision: that of the weight,
  /// half of 2^-23 of it, and a few of the step's own.
  @Test(arguments: try UpdateCase.all()) func thePartsOfAStepAddUp(_ own: UpdateCase) throws {
    let update = try own.update()
    for number in own.plan.parameters.indices {
      let (before, after) = (
        update.before.parameters.values[number], update.after.parameters.values[number]
      )
      update.before.optimizer.kind.base.forEachStep(
        before, memory: update.before.optimizer.memory.map { $0.values[number] },
        gradients: update.gradients.values[number], update.step
      ) { index, parts in
        let moved = Double(after[index]) - Double(before[index])
        let sizes = abs(parts.momentum) + abs(parts.gradient) + abs(parts.decay)
        let rounding = 0x1p-24 * (abs(Double(before[index])) + abs(moved)) + 16 * 0x1p-24 * sizes
        #expect(abs(parts.total - moved) <= rounding, "\(number) \(index)")
      }
    }
  }
}
