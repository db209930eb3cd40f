import SpideEngine

extension ShardPlan {
  /// More than any batch is worth.
  public static let largest = 4096

  static var expected: String {
    "most, 1 to \(largest), and order, \(Order.allCases.map(\.rawValue).joined(separator: " or "))"
  }

  /// The plan as a checkpoint keeps it.
  var json: JSON { .object([("most", .int(most)), ("order", .string(order.rawValue))]) }

  /// Reads what ``json`` gives; nil for anything else.
  init?(json: JSON) {
    guard let most = json["most"]?.integer, (1...ShardPlan.largest).contains(most),
      case .string(let name)? = json["order"], let order = Order(rawValue: name)
    else { return nil }
    self.init(most: most, order: order)
  }
}
