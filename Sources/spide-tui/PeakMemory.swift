import Foundation

/// The most memory that the process has held.
enum PeakMemory {
  /// Bytes, from the kernel's own record of this process. `getrusage` would not do: it counts what the process that started
  /// this one held before.
  static var bytes: Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kilobytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({
        Int($0)
      })
    else {
      var usage = rusage()
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      return usage.ru_maxrss * 1024
    }
    return kilobytes * 1024
  }
}
