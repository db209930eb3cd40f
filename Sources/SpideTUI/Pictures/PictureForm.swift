/// The form that a frame is written to a file in; the file's ending decides it.
public enum PictureForm: String, Hashable, Sendable, CaseIterable {
  /// Characters alone.
  case text = "txt"
  /// Characters with the colours of a terminal of 256: what `cat` shows there is the picture.
  case ansi
  /// Shapes in colours, which look the same with any font.
  case svg

  /// The form of a path's ending, in small letters or capitals; nil for any other.
  public init?(path: String) {
    let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return nil }
    self.init(rawValue: name[name.index(after: dot)...].lowercased())
  }

  /// The whole file. Where the cursor stands is seen in an SVG alone.
  ///
  /// - Parameters:
  ///   - usesColor: whether cells have colours; if not, they have the attributes that stand for them.
  ///   - ground: what an SVG stands on.
  public func file(_ frame: Frame, usesColor: Bool = true, ground: Ground = .dark) -> String {
    let palette = Palette(usesColor ? .twoHundredFiftySix : .none)
    return switch self {
    case .text: frame.canvas.text + "\n"
    case .ansi: ANSIPicture.text(frame.canvas, palette: palette)
    case .svg: SVGPicture(frame, palette: palette, ground: ground).text
    }
  }
}
