import Glibc
import SpideData
import SpideFiles

/// Standard output; nothing else writes to it. What was written without an error has left the program: nothing waits in
/// a buffer.
enum StandardOutput {
  /// Writes one line; what would break it, or command a terminal, becomes a visible escape.
  static func line(_ text: String) throws(OutputFailure) { try write(text.printable() + "\n") }

  /// Writes text as it is; on a terminal without what would command it.
  static func text(_ text: String) throws(OutputFailure) {
    try write(isatty(STDOUT_FILENO) == 1 ? harmless(text) : text)
  }

  /// Asks for errors that come late, as on a network drive.
  static func finish() throws(OutputFailure) {
    let copy = dup(STDOUT_FILENO)
    if copy >= 0, close(copy) != 0, errno != EINTR { throw OutputFailure(code: errno) }
  }

  private static func write(_ text: String) throws(OutputFailure) {
    try Descriptor.write(text, to: STDOUT_FILENO)
  }
}

/// Standard error; nothing else writes to it. A message that cannot be told changes nothing.
enum StandardError {
  /// Writes one line; what would break it, or command a terminal, becomes a visible escape.
  static func line(_ text: String) { write(text.printable() + "\n") }

  /// Writes lines; what would command a terminal becomes a visible escape.
  static func text(_ text: String) { write(harmless(text)) }

  /// Puts text on a terminal's current line in place of what stands there.
  static func redraw(_ text: String) { write("\r\u{1b}[K" + text.printable()) }

  private static func write(_ text: String) { try? Descriptor.write(text, to: STDERR_FILENO) }
}

/// Why standard output could not be written.
struct OutputFailure: Error {
  /// The system's error number.
  let code: Int32

  /// Whether whoever read the output has gone, which is no news to anybody.
  var isClosedPipe: Bool { code == EPIPE }

  var line: String {
    "standard output: \(String(cString: strerror(code))); expected a place that takes it"
  }
}

private enum Descriptor {
  /// Writes all of it, waiting where a descriptor that does not wait by itself has no room.
  static func write(_ text: String, to descriptor: Int32) throws(OutputFailure) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written >= 0 {
        rest = rest.dropFirst(written)
      } else if errno == EAGAIN {
        var room = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&room, 1, -1)
      } else if errno != EINTR {
        throw OutputFailure(code: errno)
      }
    }
  }
}

/// Several lines, whose ends and tabs stay.
private func harmless(_ text: String) -> String {
  text.replacing("\r\n", with: "\n").printable(keeping: ["\n", "\t"])
}
