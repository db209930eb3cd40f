import SpideConfiguration
import SpideData
import Testing

/// The table of keys against the decoder, which alone decides.
@Suite struct PresetKeysTests {
  private static let keys = PresetKeys(dataSets: DataSet.forms)
  private var keys: PresetKeys { Self.keys }

  /// Every section of the table, by its key; the root is empty.
  private static let sections: [String] = {
    var found = [""]
    var next = 0
    while next < found.count {
      let inner = keys.continuations(of: found[next], links: 1).filter { $0.hasSuffix(".") }
      found += inner
      next += 1
    }
    return found
  }()

  /// What a section may hold, as the decoder says when it meets an unknown key there.
  private func decoderKeys(_ section: String) -> Set<String>? {
    // A section that stands beside others in place of which it may be has to be the only one.
    let key = section.dropLast()
    let parent = key.split(separator: ".").dropLast().joined(separator: ".")
    let name = key.split(separator: ".").last ?? ""
    for setting in ["\(section)qqqqqqqq=1", "\(parent)={ \(name): { qqqqqqqq: 1 } }"] {
      guard let error = presetError(validPreset, overrides: [setting]),
        error.problem.hasPrefix("unknown key \"qqqqqqqq\"")
      else { continue }
      return Set(
        error.expected.split(separator: ",").flatMap { $0.split(separator: " ") }.map(String.init)
          .filter { $0 != "or" })
    }
    return nil
  }

  @Test(arguments: sections) func everySectionHasTheDecodersKeys(_ section: String) throws {
    // Entries of a list have numbers; the decoder has no keys for the list itself.
    if section == "network.links." {
      #expect(
        keys.continuations(of: section, links: 3).map { $0.suffix(2) } == ["0.", "1.", "2."])
      return
    }
    let offered = keys.continuations(of: section, links: 1).map {
      String($0.dropFirst(section.count).dropLast())
    }
    let keys = try #require(decoderKeys(section), "\(section)")
    #expect(Set(offered) == keys)
  }

  /// What is offered as a value is one, and all of the decoder's words are offered.
  @Test func wordsAreTheDecoders() throws {
    var keys: [String] = []
    for section in Self.sections {
      keys += Self.keys.continuations(of: section, links: 1).filter { $0.hasSuffix("=") }
    }
    #expect(keys.count > 50)
    var enumerations = 0
    for key in keys.map({ String($0.dropLast()) }) {
      let parent = key.split(separator: ".").dropLast().joined(separator: ".")
      let name = key.split(separator: ".").last ?? ""
      func problem(_ value: String) -> ConfigurationError? {
        let alone = "\(parent)={ \(name): \(value) }"
        return [
          presetError(validPreset, overrides: ["\(key)=\(value)"]),
          presetError(validPreset, overrides: [alone]),
        ].compactMap { $0 }.first { $0.problem.hasPrefix("\(key) is") }
      }
      let words = Self.keys.values(of: key)
      for word in words { #expect(problem(word) == nil, "\(key)=\(word)") }
      // Whoever offers nothing has no words to offer.
      guard let error = problem("qqqqqqqq") else { continue }
      let expected = Set(error.expected.split { ", ".contains($0) }.map(String.init))
      let known = ["true", "minus-threshold", "kaiming", "digits", "sgd"].filter(expected.contains)
      #expect(known.isEmpty == words.isEmpty, "\(key): \(error.expected)")
      guard !known.isEmpty else { continue }
      enumerations += 1
      for word in words where !word.hasPrefix("{") {
        #expect(expected.contains(word), "\(key): \(word)")
      }
      if known == ["digits"] || known == ["true"] || known == ["kaiming"] {
        #expect(Set(words) == expected.subtracting(["or"]), "\(key)")
      }
    }
    #expect(enumerations >= 8)
  }

  @Test(arguments: [
    ("neuron.l", ["neuron.leak="]), ("network.links.1", ["network.links.1."]),
    ("network.links.7", []), ("nothing.", []), ("", nil), ("steps.forward.", []),
    ("training.optimizer", ["training.optimizer.", "training.optimizer="]),
    ("neuron.\u{301}", []), (".", []), ("....", []),
  ])
  func continuations(_ typed: String, _ expected: [String]?) {
    let found = keys.continuations(of: typed, links: 3)
    if let expected { #expect(found == expected) } else { #expect(found.count == 8) }
  }
}
