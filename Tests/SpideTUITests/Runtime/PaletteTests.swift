import Foundation
import SpideTUI
import Testing

@Suite struct PaletteTests {
  private static let textTones: [Tone] =
    [.faint, .accent, .spike, .positive, .negative, .threshold, .exact, .good, .bad, .warning]
    + (0..<6).map { .series($0) }

  private static let everyTone: [Tone] =
    [.normal] + textTones + (UInt8.min...UInt8.max).map { .gray($0) }
    + (Int8.min...Int8.max).map { .heat($0) } + [.series(-1), .series(.min), .series(.max)]

  /// WCAG's relative luminance of a colour of the 256 palette past the first 16.
  private func luminance(_ color: Int) -> Double {
    let level = { (step: Int) in step == 0 ? 0 : 55 + 40 * step }
    let cube = color - 16
    let channels =
      color >= 232
      ? [Int](repeating: 8 + 10 * (color - 232), count: 3)
      : [level(cube / 36), level(cube / 6 % 6), level(cube % 6)]
    let linear = channels.map { channel in
      let value = Double(channel) / 255
      return value <= 0.03928 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
  }

  @Test(arguments: textTones)
  func textIsReadableOnBlackAndOnWhite(_ tone: Tone) {
    let ink = Palette(.twoHundredFiftySix).ink(for: Style(tone))
    let luminance = luminance(ink.foreground)
    #expect(ink.background == -1)
    #expect(1.05 / (luminance + 0.05) >= 3, "on white")
    #expect((luminance + 0.05) / 0.05 >= 3, "on black")
  }

  @Test(arguments: ColorDepth.allCases)
  func everyToneHasColorsOfItsDepth(_ depth: ColorDepth) {
    let palette = Palette(depth)
    for tone in Self.everyTone {
      let ink = palette.ink(for: Style(tone))
      #expect((-1..<max(depth.rawValue, 0)).contains(ink.foreground), "\(tone)")
      #expect((-1..<max(depth.rawValue, 0)).contains(ink.background), "\(tone)")
    }
    let pairs = Set(
      Self.everyTone.map { tone in
        let ink = palette.ink(for: Style(tone))
        return [ink.foreground, ink.background]
      })
    #expect(pairs.count < 64, "fit the pairs of a terminal of eight colours")
  }

  @Test(arguments: ColorDepth.allCases)
  func signsAndCurvesAreToldApart(_ depth: ColorDepth) {
    let palette = Palette(depth)
    let inks = { (tones: [Tone]) in Set(tones.map { palette.ink(for: Style($0)) }).count }
    #expect(inks([.positive, .negative]) == 2)
    #expect(inks((0..<4).map { .series($0) }) == 4)
    #expect(inks([.good, .bad]) == 2)
    #expect(inks([.normal, .accent]) == 2)
    // A colour with a meaning is no series'.
    if depth == .twoHundredFiftySix {
      let meanings: [Tone] = [
        .spike, .positive, .negative, .exact, .threshold, .accent, .good, .bad, .warning,
      ]
      #expect(inks(meanings) == meanings.count)
      #expect(inks(meanings + (0..<5).map { .series($0) }) == meanings.count + 5)
    }
    if depth != .none { #expect(inks([.spike, .positive, .negative, .threshold]) == 4) }
  }

  @Test func rampsRise() {
    let palette = Palette(.twoHundredFiftySix)
    let ramp = { (tones: [Tone]) in
      tones.map { luminance(palette.ink(for: Style($0)).foreground) }
    }
    let gray = ramp((UInt8.min...UInt8.max).map { .gray($0) })
    #expect(zip(gray, gray.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(gray.first == 0)
    #expect(Set(gray).count >= 6)
  }

  /// Maps lie on the terminal's own ground: how strong a value is stands in the character.
  @Test(arguments: ColorDepth.allCases) func mapsHaveTheTerminalsGround(_ depth: ColorDepth) {
    let palette = Palette(depth)
    for heat in Int8(-127)...127 {
      #expect(palette.ink(for: Style(.heat(heat))).background == -1)
    }
    #expect(palette.ink(for: Style(.heat(90))) != palette.ink(for: Style(.heat(-90))))
  }

  /// A picture's colours are the nearest that there are; few colours show how bright it is.
  @Test func picturesHaveColours() {
    let red = Style(.color(red: 255, green: 0, blue: 0))
    #expect(Palette(.twoHundredFiftySix).ink(for: red).foreground == 196)
    let white = Style(.color(red: 255, green: 255, blue: 255))
    for depth in ColorDepth.allCases {
      let bright = Palette(depth).ink(for: white)
      let same = Palette(depth).ink(for: Style(.gray(255)))
      #expect(bright.foreground == same.foreground && bright.background == same.background)
    }
  }

  /// Positive is warm and negative cold at every depth.
  @Test func signsKeepTheirColours() {
    func ink(_ heat: Int8, _ depth: ColorDepth) -> Int {
      Palette(depth).ink(for: Style(.heat(heat))).foreground
    }
    let red = 1
    for (depth, blue) in [(ColorDepth.eight, 6), (.sixteen, 12)] {
      #expect(ink(127, depth) == red && ink(-127, depth) == blue)
    }
    // Of the cube's 6 · 6 · 6 colours: more red than blue, and the other way round.
    for (heat, isRed) in [(Int8(127), true), (-127, false)] {
      let cube = ink(heat, .twoHundredFiftySix) - 16
      #expect((cube / 36 > cube % 6) == isRed)
    }
  }

  @Test func stylesAddToTones() {
    let style = Style(.spike, bold: true, dim: true, reversed: true, underlined: true)
    let ink = Palette(.none).ink(for: style)
    #expect(ink.isBold && ink.isDim && ink.isReversed && ink.isUnderlined)
    #expect((ink.foreground, ink.background) == (-1, -1))
  }
}
