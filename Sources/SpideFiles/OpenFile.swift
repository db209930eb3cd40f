import Glibc

/// A file descriptor that closes itself. Every call is repeated when a signal interrupts it.
package struct OpenFile: ~Copyable, Sendable {
  package let descriptor: Int32

  /// Opens `path` with `open(2)`'s flags; a created file gets `mode` less the user's mask.
  package init(_ path: String, _ flags: Int32, mode: mode_t = 0o644) throws(SystemError) {
    var descriptor: Int32
    repeat {
      descriptor = open(path, flags | O_CLOEXEC, mode)
    } while descriptor < 0 && errno == EINTR
    guard descriptor >= 0 else { throw .last }
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Size, kind and times.
  package func status() throws(SystemError) -> stat {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .last }
    return status
  }

  /// Opens a regular file to read; a pipe too where `pipes` are awaited, as only a path that the user has typed may be:
  /// what lies in a folder under a known name must not hold the program up for ever.
  package static func reading(_ path: String, pipes: Bool = false) throws(SystemError) -> OpenFile {
    let isAwaited = pipes && FileKind.at(path) == S_IFIFO
    let file = try OpenFile(path, isAwaited ? O_RDONLY : O_RDONLY | O_NONBLOCK)
    let kind = try file.status().st_mode & S_IFMT
    if kind == S_IFDIR { throw SystemError(code: EISDIR) }
    guard kind == S_IFREG || isAwaited else { throw .notRegular }
    return file
  }

  /// The size of a regular file; nil for a pipe, which has none.
  package func sizeOfRegular() throws(SystemError) -> Int? {
    let status = try status()
    return status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
  }

  /// Reads at most `count` bytes from where the last read ended; fewer only at the end of the file.
  ///
  /// - Parameter expectedCount: As many as are likely to come: room for them is made at once.
  package func read(upTo count: Int, reserving expectedCount: Int = 0) throws(SystemError)
    -> [UInt8]
  {
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
  package func read(into bytes: UnsafeMutableRawBufferPointer, from start: Int) throws(SystemError)
    -> Bool
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

  /// At most `count` bytes from byte `start` of the file on; fewer only at its end.
  package func bytes(from start: Int, upTo count: Int) throws(SystemError) -> [UInt8] {
    guard let size = try sizeOfRegular() else { throw .notRegular }
    var bytes = [UInt8](repeating: 0, count: max(0, min(count, size - start)))
    var failure: SystemError?
    let isWhole = bytes.withUnsafeMutableBytes { buffer -> Bool in
      do throws(SystemError) { return try read(into: buffer, from: start) } catch {
        failure = error
        return false
      }
    }
    if let failure { throw failure }
    // Who cuts the file meanwhile leaves zeros here.
    return isWhole ? bytes : []
  }

  /// Writes all of `bytes`.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
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
  ///
  /// A program that is being started has the locks of whoever starts it for a moment: so it is tried for half a second.
  package func lock() -> Bool {
    for _ in 0..<50 {
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
      switch errno {
      case EINTR: continue
      case EWOULDBLOCK: usleep(10_000)
      default: return true
      }
    }
    return false
  }

  /// Whether somebody else has the file's lock; false where there are no locks. Who asks for the lock at this very moment
  /// has to try again, as ``lock()`` does.
  package var isLocked: Bool {
    while flock(descriptor, LOCK_SH | LOCK_NB) != 0 {
      if errno != EINTR { return errno == EWOULDBLOCK }
    }
    flock(descriptor, LOCK_UN)
    return false
  }

  /// Waits for the file's lock, which ends with this value or the program. Where there are no locks, on some network drives,
  /// everyone gets it.
  package func awaitLock() { while flock(descriptor, LOCK_EX) != 0, errno == EINTR {} }

  /// Claims the byte at a place of the file, which need not have so many, for whoever has opened it here; false where another
  /// has it. The claim ends with this value or the program, and does not depend on ``lock()``. Where there are no claims, everyone gets it.
  package func claim(byte: Int) -> Bool {
    // F_OFD_SETLK, which Swift does not see.
    let setRange: Int32 = 37
    var range = flock()
    range.l_type = Int16(F_WRLCK)
    range.l_whence = Int16(SEEK_SET)
    range.l_start = byte
    range.l_len = 1
    while true {
      let status = withUnsafeMutablePointer(to: &range) {
        fcntl(descriptor, setRange, UnsafeMutableRawPointer($0))
      }
      if status == 0 { return true }
      if errno != EINTR { return errno != EAGAIN && errno != EACCES }
    }
  }

  /// Whether it is a file, and no device or pipe.
  package var isRegular: Bool {
    get throws(SystemError) { try status().st_mode & S_IFMT == S_IFREG }
  }

  /// Cuts a file off behind its first `size` bytes; a device or a pipe is left as it is.
  package func cut(to size: Int) throws(SystemError) {
    guard try isRegular else { return }
    while ftruncate(descriptor, size) != 0 {
      if errno != EINTR { throw .last }
    }
  }

  /// Gives the file the owner, as far as that is allowed, and the mode of another.
  package func adopt(_ former: stat) throws(SystemError) {
    _ = fchown(descriptor, former.st_uid, former.st_gid)
    guard fchmod(descriptor, former.st_mode & 0o7777) == 0 else { throw .last }
  }

  /// Makes reading and writing wait, which opening did not.
  package func wait() throws(SystemError) {
    let flags = fcntl(descriptor, F_GETFL)
    guard flags >= 0, fcntl(descriptor, F_SETFL, flags & ~O_NONBLOCK) == 0 else { throw .last }
  }

  /// Waits until the file is on the disk; devices and pipes, which cannot be flushed, are fine as they are.
  package func flush() throws(SystemError) {
    while fsync(descriptor) != 0 {
      if errno == EINVAL || errno == EROFS { return }
      if errno != EINTR { throw .last }
    }
  }
}

#if _endian(big)
  #error("safetensors are little-endian, and tensors are written as they lie in memory")
#endif
