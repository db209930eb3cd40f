import SpideTUI
import Testing

@Suite struct QuestionBoxTests {
  /// Whatever the room, the answers are there, and they are found where they are seen.
  @Test(arguments: [(10, 1), (16, 2), (16, 3), (20, 4), (24, 8), (80, 24), (200, 60)])
  func theAnswersStayLongest(_ width: Int, _ height: Int) throws {
    let canvas = picture(Samples.question, .braille, width, height)
    let lines = canvas.text.split(separator: "\n", omittingEmptySubsequences: false)
    let y = try #require(lines.firstIndex { $0.contains("y quit") }, "\(canvas.text)")
    for x in 0..<width {
      guard let answer = Samples.question.answer(x: x, y: y, on: canvas) else { continue }
      let line = Array(lines[y].prefix(x + 1))
      #expect(String(line).contains("n") == (answer == 1), "column \(x): \(answer)")
    }
    let found = (0..<width).compactMap { Samples.question.answer(x: $0, y: y, on: canvas) }
    #expect(found.count { $0 == 0 } == 6)
    if width >= 20 { #expect(found.count { $0 == 1 } == 6) }
    #expect(Samples.question.answer(x: width / 2, y: y + 1, on: canvas) == nil)
  }

  @Test func theWholeTextIsThere() {
    for width in 12...80 {
      let canvas = picture(Samples.question, .braille, width, 24)
      let words = canvas.text.split { " \n┃━┏┓┗┛".contains($0) }.joined(separator: " ")
      #expect(words.contains(Samples.question.text.prefix(40)), "\(width)\n\(canvas.text)")
      #expect(words.contains("keeps the weights."), "\(width)\n\(canvas.text)")
    }
  }
}
