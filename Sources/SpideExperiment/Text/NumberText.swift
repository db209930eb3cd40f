/// Numbers as screens show them; a value that is no number is a dash.
public enum NumberText {
  /// `value` with a fixed number of decimals and a true minus sign: `1.0`, `−0.53`.
  public static func fixed(_ value: Double, decimals: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "–" : value > 0 ? "∞" : "−∞" }
    let decimals = min(max(0, decimals), 9)
    let scale = power(decimals)
    let scaled = (abs(value) * scale).rounded()
    guard scaled < 1e15 else { return scientific(value) }
    let number = Int(scaled)
    let sign = value < 0 && number > 0 ? "−" : ""
    if decimals == 0 { return sign + String(number) }
    let fraction = String(number % Int(scale))
    let zeros = String(repeating: "0", count: decimals - fraction.count)
    return "\(sign)\(number / Int(scale)).\(zeros)\(fraction)"
  }

  /// A rate in 0 … 1, always in five columns: `0.290`, `0.005`, `1.000`.
  public static func rate(_ value: Double) -> String { fixed(value, decimals: 3) }

  /// A number as people type it, `7`, `-0.5`, `1e-3`; nil for anything else, such as hexadecimal digits, and for what is not
  /// finite.
  package static func read(_ word: some StringProtocol) -> Double? {
    guard word.utf8.allSatisfy({ "0123456789.eE+-".utf8.contains($0) }), let value = Double(word),
      value.isFinite
    else { return nil }
    return value
  }

  /// A number with three decimals at most and none that say nothing: `7`, `0.5`.
  package static func plain(_ value: Double) -> String {
    var text = fixed(value, decimals: 3)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }

  /// Three or four significant digits in at most seven columns: `0.0123`, `12.3`, `123`, `1.2e6`.
  public static func short(_ value: Double) -> String {
    let size = abs(value)
    if !value.isFinite { return fixed(value, decimals: 0) }
    if value == 0 { return "0" }
    if size < 0.001 || size >= 100_000 { return scientific(value) }
    return fixed(value, decimals: size < 0.1 ? 4 : size < 10 ? 3 : size < 100 ? 1 : 0)
  }

  /// An amount of 0 or more with three digits and a letter for thousands in at most five columns: `0`, `0.5`, `12.5`, `987`,
  /// `12.3k`, `456k`, `7.89M`, `1.23G`, `1.23T`.
  public static func amount(_ value: Double) -> String {
    guard value.isFinite, value < 999.5e12 else { return scientific(value) }
    var (rest, letters) = (value, ["", "k", "M", "G", "T"][...])
    while rest >= 999.5 {
      rest /= 1000
      letters.removeFirst()
    }
    guard value >= 1000 || value != value.rounded() else { return fixed(value, decimals: 0) }
    let decimals = rest < 9.995 ? 2 : rest < 99.95 ? 1 : 0
    return fixed(rest, decimals: decimals) + letters[letters.startIndex]
  }

  /// A constant that someone chose, whole where it is short and without zeros that say nothing: `1.0`, `0.25`, `−0.5`,
  /// `0.9999`, `100`; else as ``short(_:)``.
  public static func constant(_ value: Float) -> String {
    guard value.isFinite, value != 0 else { return short(Double(value)) }
    let exact = value.description
    var text =
      exact.contains("e") || exact.count > 7
      ? short(Double(value)) : exact.replacing("-", with: "−")
    if text.contains("."), !text.contains("e") {
      while text.hasSuffix("0"), !text.hasSuffix(".0") { text.removeLast() }
    }
    if abs(value) >= 100, text.hasSuffix(".0") { text.removeLast(2) }
    return text
  }

  /// A fraction as a percentage: `97.8%`.
  public static func percent(_ fraction: Double, decimals: Int = 1) -> String {
    guard fraction.isFinite else { return "–" }
    return fixed(fraction * 100, decimals: decimals) + "%"
  }

  /// One or two digits and a power of ten: `1.2e6`, `5e−4`.
  package static func scientific(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return fixed(value, decimals: 0) }
    var mantissa = abs(value)
    var exponent = 0
    while mantissa >= 9.95 {
      mantissa /= 10
      exponent += 1
    }
    while mantissa < 0.995 {
      mantissa *= 10
      exponent -= 1
    }
    var digits = fixed(mantissa, decimals: 1)
    if digits.hasSuffix(".0") { digits.removeLast(2) }
    return "\(value < 0 ? "−" : "")\(digits)e\(exponent < 0 ? "−" : "")\(abs(exponent))"
  }

  private static func power(_ exponent: Int) -> Double {
    (0..<exponent).reduce(1.0) { product, _ in product * 10 }
  }
}
