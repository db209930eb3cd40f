import Foundation
import SpideEngine
import Synchronization

/// Ends the program with a line where memory runs out in spite of all that was worked out before.
enum MemoryFailure {
  private static let wanted = Mutex<Int?>(nil)

  /// To be called before a terminal is opened: what is registered first happens last at the end, when the terminal is
  /// as it was and the line stays on it.
  static func watch() {
    atexit {
      guard let bytes = MemoryFailure.wanted.withLock({ $0 }) else { return }
      let line = "spide-tui: out of memory: \(bytes) bytes more were wanted\n"
      _ = line.withCString { write(STDERR_FILENO, $0, strlen($0)) }
    }
    OutOfMemory.handle { bytes in
      MemoryFailure.wanted.withLock { $0 = bytes }
      exit(70)
    }
  }
}
