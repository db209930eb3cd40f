import SpideConfiguration
import SpideTUI
import Testing

@Suite struct SplitLayoutTests {
  @Test(
    arguments: [
      ([.cells(24), .share, .cells(30)], 120, [24, 66, 30]),
      ([.share, .share, .percent(30)], 34, [12, 12, 10]),
      ([.cells(24), .share, .cells(30)], 50, [19, 8, 23]),
      ([.cells(10), .cells(10)], 30, [10, 20]),
      ([.percent(50), .cells(4)], 30, [26, 4]),
      ([.share, .share], 3, [2, 1]), ([.share], 0, [0]), ([], 9, []),
    ] as [([LayoutSize], Int, [Int])])
  func lengths(_ sizes: [LayoutSize], _ total: Int, _ expected: [Int]) {
    #expect(SplitLayout.lengths(sizes, total: total) == expected)
  }

  @Test func partsFillTheWholeWithoutOverlap() {
    let kinds: [LayoutSize] = [
      .cells(0), .cells(7), .cells(.max), .percent(35), .percent(250), .share,
    ]
    for first in kinds {
      for second in kinds {
        for third in kinds {
          for total in 0...40 {
            let sizes = [first, second, third]
            let lengths = SplitLayout.lengths(sizes, total: total)
            #expect(lengths.reduce(0, +) == total, "\(sizes) in \(total)")
            #expect(lengths.allSatisfy { $0 >= 0 }, "\(sizes) in \(total)")
            let rows = SplitLayout.rows(Rect(x: 3, y: 5, width: 2, height: total), sizes)
            #expect(rows.first?.y == 5 && rows.last?.bottom == 5 + total)
            #expect(zip(rows, rows.dropFirst()).allSatisfy { $0.bottom == $1.y })
          }
        }
      }
    }
  }
}
