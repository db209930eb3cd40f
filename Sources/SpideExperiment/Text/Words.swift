/// How every face writes counts and times.
public enum Words {
  /// `12 s`, `3 min 5 s`, `2 h 10 min`.
  public static func time(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "–" }
    let whole = Int(seconds.rounded())
    if whole < 60 {
      return seconds < 10 ? NumberText.fixed(seconds, decimals: 1) + " s" : "\(whole) s"
    }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole / 60 % 60) min"
  }

  /// `1 batch`, `46 batches`, `1 epoch`, `2 epochs`.
  public static func counted(_ count: Int, _ noun: String) -> String {
    let plural = noun.hasSuffix("tch") ? noun + "es" : noun + "s"
    return "\(self.count(count)) \(count == 1 ? noun : plural)"
  }

  /// `12,345,678`.
  public static func count(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var text = ""
    for (offset, digit) in digits.reversed().enumerated() {
      if offset > 0, offset % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return (value < 0 ? "−" : "") + String(text.reversed())
  }
}

extension Substring {
  /// Without spaces at either end.
  package var trimmingSpaces: Substring {
    var rest = drop { $0 == " " }
    while rest.last == " " { rest.removeLast() }
    return rest
  }
}
