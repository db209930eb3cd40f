import SpideData
import Testing

@Suite struct SafetensorsTests {
  private func sample() -> SafetensorsWriter {
    var writer = SafetensorsWriter(metadata: ["preset": "a: \"b\"\nc", "epoch": "3", "Ä": ""])
    writer.add(name: "spikes", shape: [3], int8s: [-1, 0, 1])
    writer.add(name: "w", shape: [2, 2], floats: [1, -2.5, .nan, .leastNonzeroMagnitude])
    writer.add(name: "bytes", shape: [5], uint8s: [0, 1, 2, 254, 255])
    writer.add(name: "state", shape: [1], values: .int64([.min]))
    writer.add(name: "scalar", shape: [], floats: [7])
    writer.add(name: "empty", shape: [0, 4], floats: [])
    return writer
  }

  @Test func roundTrip() throws {
    let scratch = try Scratch()
    try sample().write(to: scratch("a"))
    let file = try SafetensorsFile(path: scratch("a"))
    #expect(file.metadata == ["preset": "a: \"b\"\nc", "epoch": "3", "Ä": ""])
    #expect(file.tensors.map(\.name) == ["spikes", "w", "bytes", "state", "scalar", "empty"])
    func values(_ name: String) throws -> TensorValues? {
      file.values(of: try #require(file[name]))
    }
    #expect(try values("spikes") == .int8([-1, 0, 1]))
    #expect(try values("bytes") == .uint8([0, 1, 2, 254, 255]))
    #expect(try values("state") == .int64([.min]))
    #expect(try values("empty") == .float32([]))
    #expect(file["empty"]?.shape == [0, 4])
    #expect(try file.finiteFloats("scalar") == [7])
    let floats = try #require(try values("w")?.floats)
    let written: [Float] = [1, -2.5, .nan, .leastNonzeroMagnitude]
    #expect(floats.map(\.bitPattern) == written.map(\.bitPattern))
    expectFailure(.badData, "tensor w has nan at index 2") { _ = try file.finiteFloats("w") }
    expectFailure(.badData, "tensor spikes is I8; expected F32") {
      _ = try file.finiteFloats("spikes")
    }
    expectFailure(.badData, "tensor x is missing") { _ = try file.finiteFloats("x") }
  }

  @Test func theSameTensorsGiveTheSameBytes() throws {
    let scratch = try Scratch()
    try sample().write(to: scratch("a"))
    try sample().write(to: scratch("b"))
    #expect(try scratch.bytes("a") == scratch.bytes("b"))

    var small = SafetensorsWriter(metadata: ["b": "2", "a": "1"])
    small.add(name: "u", shape: [1], uint8s: [9])
    small.add(name: "f", shape: [1], floats: [1])
    try small.write(to: scratch("c"))
    // The wider type lies first, so that it is aligned; the header keeps the order of adding.
    let header =
      #"{"__metadata__":{"a":"1","b":"2"},"u":{"dtype":"U8","shape":[1],"data_offsets":[4,5]},"#
      + #""f":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#
    let padded = header + String(repeating: " ", count: -header.utf8.count & 7)
    #expect(padded.utf8.count % 8 == 0)
    #expect(try scratch.bytes("c") == safetensors(padded) + [0, 0, 0x80, 0x3F, 9])
  }

  @Test(arguments: [
    ("", "the header is not JSON"),
    ("[]", "the header is no object"),
    (" {}", "the header is no object"),
    ("{} x", "not JSON at byte 3"),
    (#"{"__metadata__":[]}"#, "__metadata__ is no object"),
    (#"{"__metadata__":{"a":1}}"#, "metadata a is no text"),
    (#"{"a":1}"#, "tensor a is not described rightly"),
    (#"{"a":{"dtype":"U8","shape":[4]}}"#, "tensor a is not described rightly"),
    (#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4,4]}}"#, "not described rightly"),
    (#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4],"x":1}}"#, "not described rightly"),
    (#"{"a":{"dtype":"U8","shape":[-4],"data_offsets":[0,4]}}"#, "not described rightly"),
    (#"{"a":{"dtype":"U8","shape":[4.0],"data_offsets":[0,4]}}"#, "not described rightly"),
    (#"{"a":{"dtype":"U9","shape":[4],"data_offsets":[0,4]}}"#, "has type"),
    (#"{"a":{"dtype":7,"shape":[4],"data_offsets":[0,4]}}"#, "has type 7"),
    (#"{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,4]}}"#, "expected 3 bytes"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, "expected 8 bytes"),
    (#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[4,0]}}"#, "from 4 to 0"),
    (
      #"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}"#,
      "overflows"
    ),
    (
      #"{"a":{"dtype":"U8","shape":[9223372036854775807],"data_offsets":[0,9223372036854775807]}}"#,
      "4 bytes of data; expected 9223372036854775807"
    ),
    (#"{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}"#, "4 bytes of data; expected 3"),
    (#"{"a":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}}"#, "tensor a leaves a gap"),
    (
      #"{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"#
        + #""b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}"#, "tensor b overlaps another"
    ),
    (
      #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"#
        + #""a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#, "key \"a\" comes twice"
    ),
  ])
  func refuses(header: String, problem: String) {
    expectFailure(.badData, "f.safetensors: ", problem) {
      _ = try SafetensorsFile(bytes: safetensors(header, data: 4), path: "f.safetensors")
    }
  }

  @Test func refusesSizesAndEscapesNames() throws {
    for (bytes, problem) in [
      ([], "0 bytes"), ([1, 0, 0, 0, 0, 0, 0], "7 bytes"),
      ([3, 0, 0, 0, 0, 0, 0, 0, 123], "3 bytes"),
      ([UInt8](repeating: 255, count: 99), "18446744073709551615"),
    ] as [([UInt8], String)] {
      expectFailure(.badData, problem) { _ = try SafetensorsFile(bytes: bytes, path: "f") }
    }
    let name = #"\u001b[31m\n"# + String(repeating: "n", count: 500)
    expectFailure(.badData, "tensor \\u{1b}[31m\\u{a}nnn", "…") {
      _ = try SafetensorsFile(bytes: safetensors("{\"\(name)\":0}"), path: "f")
    }
    let scratch = try Scratch()
    expectFailure(.missingInput, scratch("no"), "No such file") {
      _ = try SafetensorsFile(path: scratch("no"))
    }
    expectFailure(.missingInput, "Is a directory") { _ = try SafetensorsFile(path: scratch.path) }
    expectFailure(.missingInput, "/dev/zero") { _ = try SafetensorsFile(path: "/dev/zero") }
  }
}

extension TensorValues {
  fileprivate var floats: [Float]? {
    guard case .float32(let values) = self else { return nil }
    return values
  }
}
