import SpideEngine

extension StageOperations {
  /// The keys of records that hold operations by stage; of two levels.
  static let keys = [
    ("accumulates", ["forward", "backward"]),
    ("multiply_accumulates", ["forward", "backward", "gradient"]),
    ("energy_uJ", []),
  ]

  /// Keys and values of a record: the counts, and the energy that they take with the constants of ``EnergyConstants``. All
  /// are null where they are not known.
  static func members(_ operations: StageOperations?) -> [(String, JSON)] {
    guard let operations else { return keys.map { ($0.0, .null) } }
    return [
      (
        "accumulates",
        .object([
          ("forward", .int(operations.forwardAccumulates)),
          ("backward", .int(operations.backwardAccumulates)),
        ])
      ),
      (
        "multiply_accumulates",
        .object([
          ("forward", .int(operations.forwardProducts)),
          ("backward", .int(operations.backwardProducts)),
          ("gradient", .int(operations.gradientProducts)),
        ])
      ),
      ("energy_uJ", .double(EnergyConstants().microjoules(operations.total))),
    ]
  }

  /// Reads ``members(_:)`` of a record: nil in it where they are null or missing; nil for anything else.
  static func read(_ json: JSON) -> StageOperations?? {
    let (sums, products) = (json["accumulates"] ?? .null, json["multiply_accumulates"] ?? .null)
    if sums == .null, products == .null { return .some(nil) }
    guard let forward = sums["forward"]?.integer, let backward = sums["backward"]?.integer,
      let forwardProducts = products["forward"]?.integer,
      let backwardProducts = products["backward"]?.integer,
      let gradientProducts = products["gradient"]?.integer,
      let energy = json["energy_uJ"]?.finiteNumber
    else { return nil }
    let operations = StageOperations(
      forwardAccumulates: forward, backwardAccumulates: backward,
      forwardProducts: forwardProducts, backwardProducts: backwardProducts,
      gradientProducts: gradientProducts)
    // The energy follows from the counts; it is a double that was written and read.
    let expected = EnergyConstants().microjoules(operations.total)
    guard abs(energy - expected) <= 1e-9 * expected else { return nil }
    return .some(operations)
  }
}
