import SpideExperiment
import Testing

@Suite struct NumberTests {
  @Test(arguments: [
    (1.0, 1, "1.0"), (-0.529, 2, "−0.53"), (-0.0004, 2, "0.00"), (12.995, 1, "13.0"),
    (0.05, 3, "0.050"),
    (.nan, 1, "–"), (-.infinity, 0, "−∞"), (3e20, 2, "3e20"),
  ])
  func fixed(_ value: Double, _ decimals: Int, _ text: String) {
    #expect(NumberText.fixed(value, decimals: decimals) == text)
  }

  @Test(arguments: [
    (0.29, "0.290"), (0, "0.000"), (1, "1.000"), (0.0049, "0.005"), (0.0096, "0.010"),
    (0.0002, "0.000"), (0.9997, "1.000"), (.nan, "–"),
  ])
  func rate(_ value: Double, _ text: String) {
    #expect(NumberText.rate(value) == text)
  }

  @Test(arguments: [
    (0.01234, "0.0123"), (2.3, "2.300"), (57.26, "57.3"), (1595, "1595"), (1_240_000, "1.2e6"),
    (-0.0005, "−5e−4"),
    (9.96e-5, "1e−4"), (0, "0"),
  ])
  func short(_ value: Double, _ text: String) {
    #expect(NumberText.short(value) == text)
  }

  @Test(arguments: [
    (1.0, "1.0"), (0.25, "0.25"), (-0.5, "−0.5"), (100, "100"), (0, "0"), (0.9999, "0.9999"),
    (12.345, "12.345"), (4.0 / 3, "1.333"), (2e-30, "2e−30"), (-2e7, "−2e7"), (1.1, "1.1"),
    (.nan, "–"),
  ])
  func constant(_ value: Float, _ text: String) {
    #expect(NumberText.constant(value) == text)
  }
}
