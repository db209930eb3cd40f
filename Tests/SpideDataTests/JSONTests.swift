import Foundation
import SpideData
import Testing

@Suite struct JSONTests {
  @Test func valuesMayBeLimited() throws {
    let text = #"{"a":[1,[2],{}],"b":null}"#
    #expect(try JSON(parsing: text.utf8, mostValues: 7) == JSON(parsing: text.utf8))
    let error = #expect(throws: JSONError.self) { try JSON(parsing: text.utf8, mostValues: 6) }
    #expect(error?.offset == 20 && error?.problem == "more than 6 values")
  }

  @Test func writesCompactlyInOrder() {
    let value = JSON.object([
      ("z", .array([.null, .bool(true), .int(-3)])),
      ("a", .doubles([0.1, 1e-9, .nan, -.infinity])),
      ("rate", .float(0.05)),
      ("text", .string("\"\\\n\t\u{1}\u{9B}é☃𝄞")),
      ("none", .optional(nil)), ("empty", .object([])),
    ])
    #expect(
      value.description
        == #"{"z":[null,true,-3],"a":[0.1,1e-09,null,null],"rate":0.05,"#
        + #""text":"\"\\\n\t\u0001\u009bé☃𝄞","none":null,"empty":{}}"#)
  }

  /// Every seed is a JSON number that reads back as itself.
  @Test func wholeNumbersOfEverySize() throws {
    for (value, json) in [
      (0, .int(0)), (UInt64(Int.max), .int(.max)), (UInt64(Int.max) + 1, .large(1 << 63)),
      (.max, .large(.max)),
    ] as [(UInt64, JSON)] {
      #expect(JSON.unsigned(value) == json && json.description == String(value))
      #expect(try JSON(parsing: String(value).utf8) == json)
    }
    #expect(try JSON(parsing: "18446744073709551616".utf8) == .double(0x1p64))
    #expect(try JSON(parsing: "-9223372036854775809".utf8) == .double(-0x1p63))
  }

  @Test func readsWhatItWrites() throws {
    var random = Seeded(state: 7)
    func value(_ depth: Int) -> JSON {
      switch Int.random(in: 0..<(depth > 3 ? 5 : 7), using: &random) {
      case 0: return .null
      case 1: return .bool(.random(using: &random))
      case 2: return .int(Int(truncatingIfNeeded: random.next()))
      case 3: return .double(Double.random(in: -1...1, using: &random) * 1e20)
      case 4:
        let scalars = (0..<5).compactMap { _ in
          UnicodeScalar(UInt32.random(in: 0..<0x3000, using: &random))
        }
        return .string(scalars.reduce(into: "") { $0.unicodeScalars.append($1) })
      case 5: return .array((0..<3).map { _ in value(depth + 1) })
      default: return .object((0..<3).map { ("\($0)\u{7F}", value(depth + 1)) })
      }
    }
    for _ in 0..<300 {
      let value = value(0)
      #expect(try JSON(parsing: value.description.utf8) == value)
    }
  }

  @Test func agreesWithTheLibrary() throws {
    let text = #" { "a" : [ 1.5e3 , -0.25, 12, "\ud834\udd1e\u00e9\/\b\f" ] , "b" : false } "#
    let value = try JSON(parsing: text.utf8)
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let list = try #require(object["a"] as? [Any])
    #expect(
      value["a"]
        == .array([
          .double(try #require(list[0] as? Double)), .double(try #require(list[1] as? Double)),
          .int(try #require(list[2] as? Int)), .string(try #require(list[3] as? String)),
        ]))
    #expect(value["b"] == .bool(false) && value["c"] == nil && value["a"]?["b"] == nil)
  }

  @Test(arguments: [
    ("", 0), ("  ", 2), ("nul", 0), ("[1,]", 3), ("[1 2]", 3), ("{\"a\" 1}", 5), ("{a:1}", 1),
    ("{\"a\":1,}", 7), ("01", 1), ("-", 1), ("1.", 2), ("1e", 2), (".5", 0), ("1e999", 0),
    ("\"a", 2), ("\"\n\"", 1), ("\"\\x\"", 3), ("\"\\u12\"", 5), ("\"\\ud800\"", 7), ("1 2", 2),
    ("{\"a\":1,\"b\":2,\"a\":3}", 13), ("[\"\u{1}\"]", 2), ("+1", 0), ("NaN", 0),
  ])
  func refuses(text: String, offset: Int) {
    let error = #expect(throws: JSONError.self) { _ = try JSON(parsing: text.utf8) }
    #expect(error?.offset == offset)
  }

  @Test func refusesDepthAndBadUTF8() {
    #expect(throws: JSONError.self) { _ = try JSON(parsing: "\"\u{FFFD}".utf8.dropLast() + [34]) }
    #expect(throws: JSONError.self) {
      _ = try JSON(parsing: [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000))
    }
  }
}
