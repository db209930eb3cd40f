import Glibc
import SpideEngine

/// How much memory the program may take: what the machine has, or less where something limits it.
public struct MachineMemory: Hashable, Sendable {
  /// Bytes.
  public let bytes: Int
  /// What sets the limit, in words.
  let origin: String

  /// A machine with so much memory.
  public init(bytes: Int) { self.init(bytes: bytes, origin: "the memory of this machine") }

  private init(bytes: Int, origin: String) {
    self.bytes = bytes
    self.origin = origin
  }

  /// This machine's memory, unless the process (`ulimit -v`) or its control group may have less.
  public static let here = MachineMemory(
    physical: sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)),
    addressSpace: addressSpace
  ) { path in
    guard let bytes = try? FileBytes.read(path, expected: "a limit", largest: 1 << 16) else {
      return nil
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The least of three limits.
  ///
  /// - Parameters:
  ///   - addressSpace: of the process; nil for no limit.
  ///   - read: The text of a file; nil where there is none.
  package init(physical: Int, addressSpace: Int?, read: (String) -> String?) {
    var limits = [MachineMemory(bytes: physical)]
    if let addressSpace {
      limits.append(MachineMemory(bytes: addressSpace, origin: "the limit of the process"))
    }
    limits += MachineMemory.groupLimits(read).map {
      MachineMemory(bytes: $0, origin: "the limit of its control group")
    }
    self = limits.min { $0.bytes < $1.bytes } ?? MachineMemory(bytes: physical)
  }

  /// Refuses what needs more.
  ///
  /// - Parameters:
  ///   - name: The preset or the file.
  ///   - task: What the memory is for, as in "training on 4 threads".
  /// - Throws: ``DataError`` of kind `outOfMemory` with both figures.
  public func require(_ need: MemoryNeed, for task: String, of name: String) throws(DataError) {
    try require(need.bytes, for: task, of: name)
  }

  /// The same for a number of bytes.
  func require(_ need: Int, for task: String, of name: String) throws(DataError) {
    guard need > bytes else { return }
    throw DataError(
      .outOfMemory, path: name,
      problem: "\(task) takes at least \(MachineMemory.text(need)) of memory",
      expected: "at most \(MachineMemory.text(bytes)), \(origin)")
  }

  /// `41.2 GB`, or `380.5 MB` where it is less than one.
  private static func text(_ bytes: Int) -> String {
    let (unit, name) = bytes < 1_000_000_000 ? (1_000_000, "MB") : (1_000_000_000, "GB")
    return "\(bytes / unit).\(bytes % unit * 10 / unit) \(name)"
  }

  /// Nil where there is no limit.
  private static var addressSpace: Int? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else { return nil }
    return limit.rlim_cur == rlim_t.max ? nil : Int(clamping: limit.rlim_cur)
  }

  /// The limits of the process's control group and of those above it, of either version.
  private static func groupLimits(_ read: (String) -> String?) -> [Int] {
    let lines = (read("/proc/self/cgroup") ?? "").split(separator: "\n")
    return lines.flatMap { line -> [Int] in
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { return [] }
      let (root, file): (String, String)
      if parts[1].isEmpty {
        (root, file) = ("/sys/fs/cgroup", "memory.max")
      } else if parts[1].split(separator: ",").contains("memory") {
        (root, file) = ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")
      } else {
        return []
      }
      var folders = [root]
      for name in parts[2].split(separator: "/") { folders.append("\(folders.last ?? "")/\(name)") }
      // A group without a limit says "max", or a number near the largest there is.
      return folders.compactMap { read("\($0)/\(file)") }.compactMap {
        Int($0.prefix { $0.isNumber })
      }
    }
  }
}
