import Glibc

/// An open recording whose header has been checked. Its events are read a megabyte at a time.
package struct OpenRecording: ~Copyable {
  private let file: OpenFile
  private let head: [UInt8]
  /// Size, times and identity.
  let status: stat
  /// What the header says.
  package let contents: EventFile

  /// Opens a file and checks all but its events.
  ///
  /// - Throws: ``DataError``: `missingInput` where it cannot be read, `badData` as ``EventFile``.
  package init(_ path: String) throws(DataError) {
    // Without waiting: a pipe, which is refused below, may have nobody at its other end.
    let file = try attempt(path) { () throws(SystemError) in
      try OpenFile(path, O_RDONLY | O_NONBLOCK)
    }
    let status = try file.status(ofRegular: path)
    let head = try file.read(upTo: EventFile.headSize, of: path)
    let contents = try EventFile(head: head, size: Int(status.st_size), name: path)
    self.init(file: file, head: head, status: status, contents: contents)
  }

  private init(file: consuming OpenFile, head: [UInt8], status: stat, contents: EventFile) {
    self.file = file
    self.head = head
    self.status = status
    self.contents = contents
  }

  /// ``EventFile/forEachFrame(_:from:_:)`` over the file, once.
  package func forEachFrame(_ frames: Int, _ body: ([UInt32]) -> Void) throws(DataError) {
    var atHand = Array(head[contents.headerSize...])
    try contents.forEachFrame(
      frames,
      from: { (count) throws(DataError) in
        let rest = try file.read(upTo: max(0, count - atHand.count), of: contents.name)
        defer { atHand = [] }
        return atHand + rest
      }, body)
  }
}

extension OpenFile {
  fileprivate func status(ofRegular path: String) throws(DataError) -> stat {
    try attempt(path) { () throws(SystemError) in
      let status = try status()
      let kind = status.st_mode & S_IFMT
      guard kind == S_IFREG else { throw SystemError(code: kind == S_IFDIR ? EISDIR : EINVAL) }
      return status
    }
  }

  fileprivate func read(upTo count: Int, of path: String) throws(DataError) -> [UInt8] {
    try attempt(path) { () throws(SystemError) in try read(upTo: count) }
  }
}

/// Says which file a failed system call was about.
private func attempt<Result: ~Copyable>(
  _ path: String, _ body: () throws(SystemError) -> Result
) throws(DataError) -> Result {
  do throws(SystemError) {
    return try body()
  } catch {
    throw DataError(
      .missingInput, path: path, problem: error.text, expected: "a readable AEDAT file")
  }
}
