import Foundation
import SpideData
import Testing

/// Files in the hands of the format's own library, where this machine's Python has it.
@Suite struct InterchangeTests {
  @Test(.enabled(if: Python.hasSafetensors, "Python cannot import safetensors"))
  func numpyReadsOursAndWeReadNumpys() throws {
    let scratch = try Scratch()
    var writer = SafetensorsWriter(metadata: ["preset": "name: \"é\"\n"])
    writer.add(name: "spikes", shape: [3, 1], int8s: [-1, 0, 1])
    writer.add(
      name: "links.0.weight", shape: [2, 2], floats: [1, -2.5, 0.1, .leastNonzeroMagnitude])
    writer.add(name: "mask", shape: [2], uint8s: [0, 255])
    writer.add(name: "state", shape: [], values: .int64([.min]))
    writer.add(name: "none", shape: [0, 3], floats: [])
    try writer.write(to: scratch("ours"))
    let script = """
      import sys, json
      from safetensors import safe_open
      from safetensors.numpy import load_file, save_file
      tensors = load_file(sys.argv[1])
      with safe_open(sys.argv[1], "numpy") as f: metadata = f.metadata()
      save_file(tensors, sys.argv[2], metadata)
      print(json.dumps([[k, str(v.dtype), list(v.shape), v.ravel().tolist()] for k, v in sorted(tensors.items())]))
      """
    let (status, text) = try Python.run(script, scratch("ours"), scratch("theirs"))
    #expect(status == 0)
    #expect(
      text == """
        [["links.0.weight", "float32", [2, 2], [1.0, -2.5, 0.10000000149011612, \
        1.401298464324817e-45]], ["mask", "uint8", [2], [0, 255]], \
        ["none", "float32", [0, 3], []], ["spikes", "int8", [3, 1], [-1, 0, 1]], \
        ["state", "int64", [], [-9223372036854775808]]]

        """)
    let ours = try SafetensorsFile(path: scratch("ours"))
    let theirs = try SafetensorsFile(path: scratch("theirs"))
    #expect(theirs.metadata == ours.metadata)
    for tensor in ours.tensors {
      let other = try #require(theirs[tensor.name])
      #expect(other.shape == tensor.shape)
      #expect(theirs.values(of: other) == ours.values(of: tensor))
    }
  }
}
