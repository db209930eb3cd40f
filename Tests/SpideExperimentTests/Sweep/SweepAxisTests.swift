import SpideConfiguration
import SpideExperiment
import Testing

/// What `--over` says.
@Suite struct SweepAxisTests {
  @Test(arguments: [
    ("steps.backward=50,100", ["50", "100"]), ("k=1", ["1"]), ("k= 1 ,2 ", ["1", "2"]),
    ("k=[4],[8, 12],[]", ["[4]", "[8, 12]", "[]"]),
    (
      "training.optimizer={sgd: {momentum: 0.9}},{adam: {beta1: 0.9, beta2: 0.999}}",
      ["{sgd: {momentum: 0.9}}", "{adam: {beta1: 0.9, beta2: 0.999}}"]
    ),
    (#"k="a,b",'c,''d',e"#, [#""a,b""#, "'c,''d'", "e"]), (#"k="a\",b",c"#, [#""a\",b""#, "c"]),
    ("k=it's,that's", ["it's", "that's"]), (#"k=["]",1],2"#, [#"["]",1]"#, "2"]),
    ("k=a=b,c", ["a=b", "c"]),
    ("k=minus-threshold,-0.5,zero", ["minus-threshold", "-0.5", "zero"]),
  ])
  func values(_ argument: String, _ values: [String]) throws {
    let axis = try SweepAxis(argument)
    #expect(axis.values.map(\.text) == values)
    #expect(axis.key == argument.prefix { $0 != "=" })
  }

  @Test(arguments: [
    ("steps", 1, "no = in it"), ("=1", 1, "no key in it"), ("k=", 3, "an empty value"),
    ("k=1,,2", 5, "an empty value"), ("k=1, ", 5, "an empty value"), ("k=1,2,1", 7, "k is 1 twice"),
    ("k=0.5,2,.50", 9, "k is .50 twice"), ("k=1e2,100", 7, "k is 100 twice"),
    ("k=1,a\nb", 5, "not printed on one line"),
  ])
  func whatIsWrongSaysWhere(_ argument: String, _ column: Int, _ problem: String) throws {
    let error = try #require(throws: ConfigurationError.self) { try SweepAxis(argument) }
    #expect(error.description.hasPrefix("--over "))
    #expect(error.column == column && error.problem.contains(problem), "\(error)")
    #expect(!error.description.contains("\n"))
  }

  /// As numbers are compared, so are they found again.
  @Test func numbersAreTheSameHoweverWritten() {
    #expect(SweepValue("0.50") == SweepValue(".5") && SweepValue("1e2") == SweepValue("100"))
    #expect(SweepValue("0.5") != SweepValue("0.51") && SweepValue("nan") == SweepValue("nan"))
    #expect(SweepValue("inf").number == nil && SweepValue("0x10").number == nil)
    #expect(SweepValue("zero") != SweepValue("0") && SweepValue("") != SweepValue("0"))
    #expect(Set([SweepValue("1"), SweepValue("1.0"), SweepValue("one")]).count == 2)
  }
}
