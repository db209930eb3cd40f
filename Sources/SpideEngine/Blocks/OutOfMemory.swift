import Synchronization

/// What happens where the system has no memory left to give to the kernels.
public enum OutOfMemory {
  private static let handler = Mutex<@Sendable (Int) -> Never>({ bytes in
    fatalError("out of memory: \(bytes) bytes wanted")
  })

  /// From now on `body` ends the program, on whatever thread; it is told how many bytes there were none of.
  public static func handle(with body: @escaping @Sendable (_ bytes: Int) -> Never) {
    handler.withLock { $0 = body }
  }

  static func fail(_ bytes: Int) -> Never {
    let body = handler.withLock { $0 }
    body(bytes)
  }
}
