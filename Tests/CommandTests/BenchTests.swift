import SpideData
import Testing

@Suite struct BenchTests {
  @Test func tellsWhatItMeasured() throws {
    let run = try ResumeTests.succeed(
      ["bench", "--json", "--batch", "9", "--repeat", "2", "--threads", "2"] + ResumeTests.small)
    let result = try ResumeTests.json(run.output)
    guard case .object(let members) = result else {
      Issue.record("no object: \(run.output)")
      return
    }
    #expect(
      members.map(\.0) == [
        "preset", "data", "batch", "threads", "milliseconds_per_sample", "forward_milliseconds",
        "backward_milliseconds", "gradient_milliseconds", "forward_rate", "backward_rate",
        "synaptic_operations_per_second", "evaluation_samples_per_second", "step_milliseconds",
        "longest_step_milliseconds", "peak_memory_bytes", "twin_distance", "twin_steps",
      ])
    #expect(result["data"] == .string("digits") && result["batch"] == .int(9))
    #expect(result["twin_steps"] == .array([.int(30), .int(10)]))
    guard case .double(let time)? = result["milliseconds_per_sample"] else { return }
    #expect(time > 0)
    let text = try ResumeTests.succeed(["bench", "--repeat", "1"] + ResumeTests.small).output
    for row in ["check", "a sample", "rates", "operations", "testing", "stepping", "memory"] {
      #expect(text.contains("\n\(row) "), "\(row) in \(text)")
    }
  }

  /// Input is made up where the data is not found, and that is said.
  @Test func withoutData() throws {
    let run = try Program.run(
      [
        "bench", "--json", "--preset", "mnist-quick", "--data", "/nowhere", "--repeat", "1",
        "--batch", "2",
      ],
      environment: ["SPIDE_DATA": "/nowhere", "XDG_DATA_HOME": "/nowhere"])
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(try ResumeTests.json(run.output)["data"] == .string("synthetic"))
  }

  /// Every link with weights at every rate, in both stages.
  @Test func ratesOfEachLink() throws {
    let run = try ResumeTests.succeed(
      ["bench", "--rates", "--repeat", "1", "--json"] + ResumeTests.small)
    guard case .array(let links)? = try ResumeTests.json(run.output)["links"] else {
      Issue.record("no links: \(run.output)")
      return
    }
    #expect(links.count == 2 * 2 * 10)
    #expect(links.first?["link"] == .string("feedback"))
    #expect(links.first?["stage"] == .string("forward") && links.last?["rate"] == .double(0.6))
    let text = try ResumeTests.succeed(["bench", "--rates", "--repeat", "1"] + ResumeTests.small)
    #expect(text.output.split(separator: "\n").count == 41)
  }
}
