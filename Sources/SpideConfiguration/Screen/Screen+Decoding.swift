extension Screen {
  /// Decodes YAML strictly.
  ///
  /// - Parameters:
  ///   - text: The YAML.
  ///   - file: What errors call the text.
  ///   - panels: The panels that there are, in the order in which errors name them.
  ///   - pinnable: Those of them that can be pinned to a layer.
  ///   - expectedName: What `name` must be, where the text comes from a file of that name.
  /// - Throws: the first thing wrong.
  public init(
    text: String, file: String, panels: [PanelID], pinnable: [PanelID] = [],
    expectedName: String? = nil
  ) throws(ConfigurationError) {
    guard let root = try YAMLReader(file: file).read(text) else {
      throw ConfigurationError(
        file: file, line: 1, column: 1, problem: "the file is empty", expected: "a screen")
    }
    let fields = try Fields(root, keys: ["name", "title", "key", "layout"])
    let nameNode = try fields.required("name", "the file's name without .yaml")
    name = try nameNode.name()
    if let expectedName, name != expectedName {
      throw nameNode.mismatch(expected: "\(quoted(expectedName)), as the file is called")
    }
    title = try fields.required("title", "a word for the tab line").text(maximum: 24)
    key = try fields.required("key", "a digit").integer(0...9)
    var decoder = LayoutDecoder(known: panels, pinnable: pinnable)
    let layoutNode = try fields.required("layout", "a panel, rows or columns")
    layout = try decoder.layout(layoutNode, sizeKey: nil).layout
    self.text = text
    self.file = file
  }
}

/// Decodes a layout; remembers the panels, because each may stand once, or once for each layer that it is pinned to.
private struct LayoutDecoder {
  private let known, pinnable: [PanelID]
  private var seen: Set<Layout> = []

  init(known: [PanelID], pinnable: [PanelID]) {
    self.known = known
    self.pinnable = pinnable
  }

  /// No network has more layers.
  private static let mostLayers = 1000

  /// Largest size in cells: more than any terminal has.
  private static let mostCells = 1000

  /// `sizeKey` is `height` among rows, `width` among columns, nil at the root.
  mutating func layout(
    _ node: YAMLNode, sizeKey: String?
  ) throws(ConfigurationError) -> LayoutItem {
    let kinds = ["panel", "rows", "columns"]
    let fields = try Fields(node, keys: kinds + ["layer"] + (sizeKey.map { [$0] } ?? []))
    let chosen = try fields.choice(kinds)
    let layout: Layout
    switch chosen.key {
    case "panel":
      let panel = PanelID(
        rawValue: try chosen.value.word(in: known.map(\.rawValue)))
      layout = .panel(panel, layer: try layer(fields, of: panel))
      guard seen.insert(layout).inserted else {
        throw chosen.value.error("repeats \(panel.rawValue)", expected: "each panel once")
      }
    case _ where fields["layer"] != nil:
      throw ConfigurationError(
        at: fields.position(of: "layer"), "layer beside \(chosen.key)",
        expected: "a layer beside a panel only")
    case "rows": layout = .rows(try items(chosen.value, sizeKey: "height"))
    default: layout = .columns(try items(chosen.value, sizeKey: "width"))
    }
    let size = try sizeKey.flatMap { fields[$0] }.map(LayoutDecoder.size) ?? .share
    return LayoutItem(layout, size: size)
  }

  /// The layer that a panel is pinned to; nil for the selected one.
  private func layer(_ fields: Fields, of panel: PanelID) throws(ConfigurationError) -> Int? {
    guard let node = fields["layer"] else { return nil }
    guard pinnable.contains(panel) else {
      let names = pinnable.map(\.rawValue)
      throw ConfigurationError(
        at: fields.position(of: "layer"), "\(panel.rawValue) has no layer of its own",
        expected: names.isEmpty ? "no layer" : "a layer beside \(alternatives(names)) only")
    }
    return try node.integer(0...LayoutDecoder.mostLayers)
  }

  private mutating func items(
    _ node: YAMLNode, sizeKey: String
  ) throws(ConfigurationError) -> [LayoutItem] {
    var items: [LayoutItem] = []
    for item in try node.list(1...16, of: "parts") {
      items.append(try layout(item, sizeKey: sizeKey))
    }
    let percent = items.reduce(0) { total, item in
      if case .percent(let value) = item.size { return total + value }
      return total
    }
    guard percent <= 100 else {
      throw node.error("adds up to \(percent)%", expected: "at most 100%")
    }
    return items
  }

  private static func size(_ node: YAMLNode) throws(ConfigurationError) -> LayoutSize {
    guard case .scalar(let text, isPlain: true) = node.content else {
      throw node.mismatch(expected: "cells such as 24 or a share such as 30%")
    }
    if text.last == "%" {
      let digits = String(text.dropLast())
      guard Scalar.isNumber(digits), let value = Int(digits), (1...100).contains(value) else {
        throw node.mismatch(expected: "1% to 100%")
      }
      return .percent(value)
    }
    guard Scalar.isNumber(text), let value = Int(text), (1...mostCells).contains(value) else {
      throw node.mismatch(expected: "cells such as 24 or a share such as 30%")
    }
    return .cells(value)
  }
}
