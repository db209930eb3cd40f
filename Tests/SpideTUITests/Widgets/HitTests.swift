import SpideEngine
import SpideTUI
import Testing

/// What lies under the mouse is what was drawn there.
@Suite struct HitTests {
  @Test(arguments: [2, 12, 30, 60, 80, 120, 200])
  func aClickOnTheTimelineFillsTheBarUpToIt(width: Int) {
    var positions: [Int] = []
    for column in 0..<width {
      var bar = Samples.timeline(0)
      guard let position = bar.position(atColumn: column, width: width) else { continue }
      positions.append(position)
      guard case .backward = bar.timeline.moment(at: position) else { continue }
      bar.position = position
      let canvas = picture(bar, .braille, width, 1)
      #expect(canvas[column, 0].character == "█")
      #expect(canvas[column + 1, 0].character != "█")
    }
    #expect(positions == positions.sorted())
    #expect(positions.contains(30))
    #expect(positions.contains(131))
    if width >= 30 { #expect(Set([0, 31, 132]).isSubset(of: positions)) }
    #expect(Samples.timeline(0).position(atColumn: -1, width: width) == nil)
    #expect(Samples.timeline(0).position(atColumn: width, width: width) == nil)
  }

  /// A click on a gauge is as much as fills it up to there; what it had come to before stays in sight.
  @Test(arguments: [8, 14, 30, 80]) func aClickOnAGaugeFillsItUpToThere(width: Int) {
    var hits = 0
    for column in 0..<width {
      var gauge = ProgressGauge("run", fraction: 0, ahead: 1, detail: "12 s left")
      guard let share = gauge.fraction(atColumn: column, width: width, glyphs: .braille) else {
        continue
      }
      hits += 1
      gauge.fraction = share
      let canvas = picture(gauge, .braille, width, 1)
      #expect(canvas[column, 0] == Cell("█", Style(.accent, bold: true)))
      let next = column + 1 < width ? canvas[column + 1, 0] : Cell(" ")
      #expect(next.character != "█" || next.style == Style(.accent, dim: true))
    }
    #expect(hits >= 3)
  }

  /// The word that says if time moves is where it was drawn, with or without training's words before it.
  @Test(arguments: [20, 40, 80, 120]) func thePlayStateHasItsColumns(width: Int) {
    for bar in [Samples.timeline(40), Samples.trainingTimeline] {
      let line = Array(picture(bar, .braille, width, 1).text)
      let hit = (0..<width).filter { bar.isPlayState(atColumn: $0, width: width, glyphs: .braille) }
      let shown = String(hit.map { $0 < line.count ? line[$0] : " " })
      #expect(shown == (String(line).contains("paused") ? "‖ paused" : ""))
    }
  }

  @Test(arguments: [4, 6, 9, 14, 20, 40])
  func rowsOfTheNetworkAreItsLayers(height: Int) {
    let canvas = picture(Samples.deepNetwork, .braille, 34, height)
    let lines = canvas.text.split(separator: "\n", omittingEmptySubsequences: false)
    var above = 0
    for (row, line) in lines.enumerated() {
      guard let layer = Samples.deepNetwork.layer(atRow: row, height: height) else {
        #expect(!line.contains("L") && !line.contains("▴"), "row \(row)")
        continue
      }
      if line.contains("▴") {
        #expect(layer == above, "row \(row)")
      } else {
        #expect(line.contains("L\(layer) "), "row \(row)")
      }
      above = layer
    }
    #expect((0..<height).contains { Samples.deepNetwork.layer(atRow: $0, height: height) == 6 })
  }

  @Test func placesOfTheRasterAreNeuronsAndSteps() {
    let raster = Samples.backwardRaster(unitsPerRow: 5)
    #expect(raster.unit(atRow: 0, height: 16) == 0)
    #expect(raster.unit(atRow: 12, height: 16) == 60)
    #expect(raster.unit(atRow: 13, height: 16) == nil)
    #expect(raster.unit(atRow: -1, height: 16) == nil)
    #expect(raster.step(atColumn: 3, width: 66, height: 16) == nil)
    #expect(raster.step(atColumn: 4, width: 66, height: 16) == 1)
    #expect(raster.step(atColumn: 53, width: 66, height: 16) == 99)
    #expect(raster.step(atColumn: 54, width: 66, height: 16) == nil)
    for height in 1...40 {
      let zoom = SpikeRaster.fittingZoom(unitCount: 64, height: height)
      let fitted = Samples.backwardRaster(unitsPerRow: zoom)
      let last = (0..<height).compactMap { fitted.unit(atRow: $0, height: height) }.last
      #expect((last ?? 0) + zoom >= 64, "\(height) rows")
    }
  }

  @Test func tabsAndMenuItems() {
    let line = picture(Samples.status, .braille, 120, 1).text
    for column in 0..<120 {
      guard let tab = Samples.status.tab(atColumn: column, width: 120, glyphs: .braille) else {
        continue
      }
      let tabs = ["1 Stage", "2 Reset", "3 Train", "4 Neuron"]
      let nearby = line.dropFirst(max(0, column - 8)).prefix(17)
      #expect(nearby.contains(tabs[tab].prefix(7)), "column \(column)")
    }
    #expect(Samples.menu.item(atRow: 2, width: 60, height: 5, glyphs: .braille) == 3)
    #expect(Samples.menu.item(atRow: 5, width: 60, height: 5, glyphs: .braille) == nil)
  }
}
