import Glibc

/// The error number of a system call.
package struct SystemError: Error {
  package let code: Int32

  package init(code: Int32) { self.code = code }

  /// The current `errno`; to be made right after the call that failed.
  static var last: SystemError { SystemError(code: errno) }

  /// The system's words, such as `No space left on device`.
  var text: String { String(cString: strerror(code)) }
}

/// A file descriptor that closes itself. Every call is repeated when a signal interrupts it.
package struct OpenFile: ~Copyable, Sendable {
  let descriptor: Int32

  /// Opens `path` with `open(2)`'s flags; a created file gets `mode` less the user's mask.
  init(_ path: String, _ flags: Int32, mode: mode_t = 0o644) throws(SystemError) {
    var descriptor: Int32
    repeat {
      descriptor = open(path, flags | O_CLOEXEC, mode)
    } while descriptor < 0 && errno == EINTR
    guard descriptor >= 0 else { throw .last }
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Size, kind and times.
  func status() throws(SystemError) -> stat {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .last }
    return status
  }

  /// The size of a regular file; nil for a pipe, which has none.
  ///
  /// - Throws: ``SystemError`` for anything else, such as a folder or a device.
  func sizeOfRegular() throws(SystemError) -> Int? {
    let status = try status()
    switch status.st_mode & S_IFMT {
    case S_IFREG: return Int(status.st_size)
    case S_IFIFO: return nil
    case S_IFDIR: throw SystemError(code: EISDIR)
    default: throw SystemError(code: EINVAL)
    }
  }

  /// Reads at most `count` bytes from where the last read ended; fewer only at the end of the file.
  ///
  /// - Parameter expectedCount: As many as are likely to come: room for them is made at once.
  func read(upTo count: Int, reserving expectedCount: Int = 0) throws(SystemError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(expectedCount)
    var chunk = [UInt8](repeating: 0, count: min(count, 1 << 20))
    while bytes.count < count {
      let received = Glibc.read(descriptor, &chunk, min(chunk.count, count - bytes.count))
      if received == 0 { break }
      if received > 0 {
        bytes.append(contentsOf: chunk[..<received])
      } else if errno != EINTR {
        throw .last
      }
    }
    return bytes
  }

  /// Fills `bytes` from byte `start` of the file on; false where the file ends before.
  func read(into bytes: UnsafeMutableRawBufferPointer, from start: Int) throws(SystemError) -> Bool
  {
    var done = 0
    while done < bytes.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[done...])
      let received = pread(descriptor, rest.baseAddress, rest.count, off_t(start + done))
      if received == 0 { return false }
      if received > 0 {
        done += received
      } else if errno != EINTR {
        throw .last
      }
    }
    return true
  }

  /// Writes all of `bytes`.
  func write(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = Glibc.write(
        descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if written >= 0 {
        rest = rest.dropFirst(written)
      } else if errno != EINTR {
        throw .last
      }
    }
  }

  /// Writes the memory of `values`, little-endian as all platforms of the program are.
  package func write<Value: BitwiseCopyable>(_ values: [Value]) throws(SystemError) {
    let failure = values.withUnsafeBytes { bytes -> SystemError? in
      do throws(SystemError) {
        try write(bytes)
        return nil
      } catch { return error }
    }
    if let failure { throw failure }
  }

  /// Takes the file's lock, which ends with this value or the program; false where another has it. Where there are no
  /// locks, on some network drives, everyone gets it.
  func lock() -> Bool {
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      switch errno {
      case EINTR: continue
      case EWOULDBLOCK: return false
      default: return true
      }
    }
    return true
  }

  /// Waits until the file is on the disk; devices and pipes, which cannot be flushed, are fine as they are.
  func flush() throws(SystemError) {
    while fsync(descriptor) != 0 {
      if errno == EINVAL || errno == EROFS { return }
      if errno != EINTR { throw .last }
    }
  }
}

#if _endian(big)
  #error("safetensors are little-endian, and tensors are written as they lie in memory")
#endif
