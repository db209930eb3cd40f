import Foundation
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
    (#"{"__metadata__":{"a":null}}"#, "metadata a is no text"),
    (#"{"__metadata__":0}"#, "__metadata__ is no object"),
    (#"{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}}"#, "12 bits; expected whole bytes"),
    (#"{"a":{"dtype":"F6_E2M3","shape":[4],"data_offsets":[0,4]}}"#, "expected 3 bytes"),
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

  /// What the format's own library takes: no metadata, written as null, and the types that it has gained.
  @Test(arguments: [
    (#"{"__metadata__":null,"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#, 4),
    (#"{"a":{"dtype":"F4","shape":[2,4],"data_offsets":[0,4]}}"#, 8),
    (#"{"a":{"dtype":"F6_E3M2","shape":[4],"data_offsets":[0,3]}}"#, 4),
    (#"{"a":{"dtype":"F8_E8M0","shape":[4],"data_offsets":[0,4]}}"#, 4),
    (#"{"a":{"dtype":"F8_E4M3FNUZ","shape":[4],"data_offsets":[0,4]}}"#, 4),
    (#"{"a":{"dtype":"C64","shape":[3],"data_offsets":[0,24]}}"#, 3),
  ])
  func acceptsWhatTheFormatAllows(header: String, count: Int) throws {
    let end = try #require(Int(header.split { !$0.isNumber }.last ?? ""))
    let file = try SafetensorsFile(bytes: safetensors(header, data: end), path: "f")
    #expect(file.metadata.isEmpty && file["a"]?.count == count)
  }

  /// Of a file that is far larger than memory only what is asked for is read, and nothing before its header is good.
  @Test func largeFilesAreReadByTensor() throws {
    let scratch = try Scratch()
    let size = 1 << 30
    let header =
      #"{"big":{"dtype":"U8","shape":[\#(size)],"data_offsets":[0,\#(size)]},"#
      + #""w":{"dtype":"F32","shape":[2],"data_offsets":[\#(size),\#(size + 8)]}}"#
    let path = try scratch.write("f", safetensors(header))
    let end = off_t(8 + header.utf8.count + size)
    #expect(truncate(path, end) == 0)
    expectFailure(.badData, "1073741824 bytes of data; expected 1073741832, as the header says") {
      _ = try SafetensorsFile(path: path)
    }
    let handle = try #require(fopen(path, "r+"))
    fseek(handle, Int(end), SEEK_SET)
    var floats: [Float] = [1.5, -2]
    fwrite(&floats, 4, 2, handle)
    fclose(handle)
    let before = peakMemory
    let file = try SafetensorsFile(path: path)
    #expect(file["big"]?.count == size)
    #expect(try file.finiteFloats("w") == [1.5, -2])
    // Other tests run beside this one; the large tensor would be 1 GiB.
    #expect(peakMemory - before < 1 << 29)
    // It stays what it was when another file takes its name, and says so where it has been cut.
    try FileManager.default.moveItem(atPath: path, toPath: scratch("g"))
    try scratch.write("f", [])
    #expect(try file.finiteFloats("w") == [1.5, -2])
    #expect(truncate(scratch("g"), end) == 0)
    expectFailure(.badData, "it ends within tensor w") { _ = try file.finiteFloats("w") }
    let small = try SafetensorsFile(path: sampleFile(scratch))
    #expect(truncate(small.path, 16) == 0)
    #expect(small.tensors.first.flatMap { small.values(of: $0) } == nil)
  }

  private func sampleFile(_ scratch: Scratch) throws -> String {
    try sample().write(to: scratch("sample"))
    return scratch("sample")
  }

  private var peakMemory: Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  }

  @Test func aHeaderThatTheFileOrTheFormatCannotHoldIsRefusedUnread() throws {
    let scratch = try Scratch()
    for (size, most) in [(100_000_001, 100_000_000), (1 << 20, 1000)] {
      let start = (0..<8).map { UInt8(size >> (8 * $0) & 255) }
      let path = try scratch.write("f", start)
      #expect(truncate(path, most < 100_000_000 ? off_t(8 + most) : 1 << 31) == 0)
      expectFailure(.badData, "a header of \(size) bytes; expected at most \(most)") {
        _ = try SafetensorsFile(path: path)
      }
    }
  }

  /// A header that is all small values would take fifty times its size.
  @Test func aHeaderOfTooManyValuesIsRefused() {
    let zeros = String(repeating: "0,", count: 1 << 21)
    expectFailure(.badData, "not JSON at byte", "more than 2097152 values") {
      _ = try SafetensorsFile(bytes: safetensors(#"{"a":[\#(zeros)0]}"#), path: "f")
    }
  }

  @Test func aPipeIsReadToItsEnd() async throws {
    let scratch = try Scratch()
    let bytes = try scratch.bytes(URL(fileURLWithPath: sampleFile(scratch)).lastPathComponent)
    for cut in [0, 9, bytes.count - 20] {
      let pipe = scratch("pipe\(cut)")
      #expect(mkfifo(pipe, 0o600) == 0)
      let writer = Task.detached {
        guard let file = fopen(pipe, "w") else { return }
        fwrite(Array(bytes.dropLast(cut)), 1, bytes.count - cut, file)
        fclose(file)
      }
      if cut == 0 {
        #expect(try SafetensorsFile(path: pipe).finiteFloats("scalar") == [7])
      } else {
        expectFailure(.badData, pipe, "expected") { _ = try SafetensorsFile(path: pipe) }
      }
      await writer.value
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
