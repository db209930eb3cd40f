extension Tally {
  /// All of its numbers, in a fixed order.
  var numbers: [Int] {
    [samples, correct] + forward.numbers + backward.numbers + gradient
  }

  /// Adds numbers in the order of ``numbers``.
  mutating func add(_ numbers: some Collection<Int>) {
    var rest = numbers[...]
    func next() -> Int { rest.popFirst() ?? 0 }
    samples += next()
    correct += next()
    forward.add(next)
    backward.add(next)
    for link in gradient.indices { gradient[link] += next() }
  }
}

extension StageTally {
  fileprivate var numbers: [Int] { spikes + updates + operations + multiplyAccumulates }

  fileprivate mutating func add(_ next: () -> Int) {
    for layer in spikes.indices { spikes[layer] += next() }
    for layer in updates.indices { updates[layer] += next() }
    for link in operations.indices { operations[link] += next() }
    for link in multiplyAccumulates.indices { multiplyAccumulates[link] += next() }
  }
}
