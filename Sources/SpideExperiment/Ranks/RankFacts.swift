import SpideConfiguration
import SpideData
import SpideEngine
import SpideFiles

/// What all ranks of a training must have in common, and what is compared before it begins.
package struct RankFacts {
  /// One fact: what it is of, its value, and how that is shown.
  private struct Fact {
    let name: String
    let value: String
    let isShown: Bool
  }

  private let facts: [Fact]
  private let preset: Preset

  /// The facts of this process.
  ///
  /// - Parameter start: where the training goes on; nil at its start.
  package init(
    preset: Preset, data: DataSplit, seed: UInt64, shards: ShardPlan, start: Checkpoint?
  ) throws(DataError) {
    self.preset = preset
    let recorded = preset.recorded
    facts = [
      Fact(
        name: "program", value: "\(Program.version), build \(try Program.build())", isShown: true),
      Fact(
        name: "preset",
        value: JSON.array(([recorded.text] + recorded.overrides).map(JSON.string))
          .description, isShown: false),
      Fact(name: "seed", value: "\(start?.state.seed ?? seed)", isShown: true),
      Fact(name: "--shards", value: "\(shards.most)", isShown: true),
      Fact(name: "training set", value: data.train.fingerprint, isShown: true),
      Fact(name: "test set", value: data.test.fingerprint, isShown: true),
    ]
  }

  /// Compares what each rank of a team has with what rank 0 has.
  ///
  /// - Throws: a ``DataError`` on all that names the first rank that has something else, and what.
  package func compare(in team: Team) throws {
    if team.isAlone { return }
    let own = JSON.array(facts.map { .string($0.value) }).description
    let all = team.ranks.gather(Array(own.utf8)).map { bytes -> [String] in
      guard case .array(let values)? = try? JSON(parsing: bytes) else { return [] }
      return values.compactMap(RankFacts.text)
    }
    var failure: DataError?
    for (rank, values) in all.enumerated() where failure == nil {
      failure = difference(of: values, from: all[0], rank, team)
    }
    _ = try team.agree(on: failure)
  }

  private static func text(_ json: JSON) -> String? {
    if case .string(let text) = json { return text }
    return nil
  }

  private func difference(
    of values: [String], from first: [String], _ rank: Int, _ team: Team
  ) -> DataError? {
    guard values != first else { return nil }
    for (number, fact) in facts.enumerated() {
      let (theirs, ours) = (values.dropFirst(number).first, first.dropFirst(number).first)
      guard theirs != ours else { continue }
      var problem = "its \(fact.name) is not that of \(team.name(0))"
      if fact.isShown, let theirs { problem = "its \(fact.name) is \(theirs)" }
      if fact.name == "preset", let key = presetDifference(theirs) {
        problem = "its preset has another value of \(key)"
      }
      let expected = fact.isShown && ours != nil ? ", \(ours ?? "")" : ""
      return DataError(
        .badData, path: team.name(rank), problem: problem,
        expected: "that of \(team.name(0))\(expected)")
    }
    return DataError(
      .badData, path: team.name(rank), problem: "it is another program",
      expected: "that of \(team.name(0))")
  }

  /// The key of a preset in which it is not this process's.
  private func presetDifference(_ recorded: String?) -> String? {
    guard let recorded, case .array(let values)? = try? JSON(parsing: recorded.utf8),
      let text = values.first.flatMap(RankFacts.text),
      let other = try? Preset(
        text: text, file: "preset", overrides: values.dropFirst().compactMap(RankFacts.text),
        dataSets: DataSet.forms)
    else { return nil }
    if other.training.epochs != preset.training.epochs { return "training.epochs" }
    return preset.difference(from: other)
  }
}

extension Program {
  /// A number for the bytes of this program's file.
  static func build() throws(DataError) -> String {
    var print = Fingerprint()
    print.add(try FileBytes.read("/proc/self/exe", expected: "the program's file"))
    return print.description
  }
}
