import SpideData
import SpideEngine
import Testing

@Suite struct MachineMemoryTests {
  private func bytes(
    _ files: [String: String], physical: Int = 1 << 40, addressSpace: Int? = nil
  ) -> Int {
    MachineMemory(physical: physical, addressSpace: addressSpace) { files[$0] }.bytes
  }

  @Test func theLeastLimitCounts() {
    #expect(bytes([:]) == 1 << 40)
    #expect(bytes([:], addressSpace: 5000) == 5000)
    #expect(bytes([:], physical: 4000, addressSpace: 5000) == 4000)
    // Version 2: one tree, with a limit anywhere on the way down.
    let groups = "0::/user/shell\n"
    #expect(bytes(["/proc/self/cgroup": groups]) == 1 << 40)
    #expect(
      bytes([
        "/proc/self/cgroup": groups, "/sys/fs/cgroup/memory.max": "max\n",
        "/sys/fs/cgroup/user/memory.max": "7000\n",
        "/sys/fs/cgroup/user/shell/memory.max": "8000\n", "/sys/fs/cgroup/other/memory.max": "1\n",
      ]) == 7000)
    #expect(
      bytes(["/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/memory.max": "6000\n"]) == 6000)
    // Version 1: a tree for each controller, and a number near the largest for none.
    let version1 = "9:name=systemd:/a\n4:cpu,memory:/a\n2:cpuset:/b\n"
    #expect(
      bytes([
        "/proc/self/cgroup": version1,
        "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
        "/sys/fs/cgroup/memory/a/memory.limit_in_bytes": "9000\n",
        "/sys/fs/cgroup/memory/b/memory.limit_in_bytes": "1\n",
      ]) == 9000)
    for nonsense in ["", "x", "0:", "::::", "0::\n1::", "99999999999999999999::/"] {
      #expect(bytes(["/proc/self/cgroup": nonsense, "/sys/fs/cgroup/memory.max": "-"]) == 1 << 40)
    }
  }

  @Test func thisMachineHasSome() {
    #expect(MachineMemory.here.bytes > 1 << 26)
  }

  @Test func whatNeedsMoreIsRefusedWithBothFigures() throws {
    let plan = try smallPlan()
    let need = MemoryNeed.weights(of: plan)
    try MachineMemory(bytes: need.bytes).require(need, for: "it", of: "x")
    expectFailure(
      .outOfMemory, "x: it takes at least 0.0 MB of memory; expected at most 0.0 MB, the memory of"
    ) { try MachineMemory(bytes: need.bytes - 1).require(need, for: "it", of: "x") }
    let dynamics = Dynamics(forwardSteps: 1_000_000_000, backwardSteps: 1)
    let trace = MemoryNeed.tracing(plan, dynamics: dynamics, frames: 1, hasLabel: false)
    expectFailure(
      .outOfMemory, "takes at least 60.0 GB of memory; expected at most 23.5 GB, the limit of the "
    ) {
      try MachineMemory(physical: 1 << 40, addressSpace: 23_590_000_000) { _ in nil }
        .require(trace, for: "it", of: "x")
    }
    #expect(DataError.Kind.outOfMemory.rawValue == 70)
  }

  /// A trace is known before it is collected, and its file is as large.
  @Test func aTraceIsAsLargeAsWasWorkedOut() throws {
    let scratch = try Scratch()
    let plan = try smallPlan()
    let dynamics = Dynamics(forwardSteps: 3000, backwardSteps: 4000)
    let network = PackedNetwork(plan: plan, parameters: smallWeights(plan), dynamics: dynamics)
    let input = InputSignal.constant([Float](repeating: 0.5, count: 16))
    for label in [nil, 1] {
      let session = Session(network: network, input: input, label: label)
      try TraceFile.write(session: session, metadata: [:], to: scratch("t"))
      let size = try scratch.bytes("t").count
      let recorded =
        MemoryNeed.tracing(plan, dynamics: dynamics, frames: 1, hasLabel: label != nil).bytes
        - MemoryNeed.stepping(plan, frames: 1).bytes
      // The file has a header, rates and what the exact solutions found besides.
      #expect(recorded < size + 2048 && size < recorded + 8192, "\(recorded) and \(size)")
    }
  }
}
