import Glibc
import SpideFiles

/// An open recording whose header has been checked. Its events are read a megabyte at a time.
package struct OpenRecording: ~Copyable {
  private let file: OpenFile
  private let head: [UInt8]
  /// Size, times and identity.
  let status: stat
  /// What the header says.
  package let contents: EventFile

  /// Bytes that are read first: the whole header of most recordings.
  private static let portion = 1 << 14

  /// Opens a file and checks all but its events.
  ///
  /// - Throws: ``DataError``: `missingInput` where it cannot be read, `badData` as ``EventFile``.
  package init(_ path: String) throws(DataError) {
    let file = try attempt(path, expected: expectation) { () throws(SystemError) in
      try OpenFile.reading(path)
    }
    let status = try attempt(path, expected: expectation) { () throws(SystemError) in
      try file.status()
    }
    let size = Int(status.st_size)
    var head = try file.read(upTo: OpenRecording.portion, of: path)
    while EventFile.headerSize(head, of: size) == nil, head.count < EventFile.largestHeader {
      let more = try file.read(upTo: head.count, of: path)
      if more.isEmpty { break }
      head += more
    }
    let contents = try EventFile(head: head, size: size, name: path)
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
    var atHand = head[contents.headerSize...]
    try contents.forEachFrame(
      frames,
      from: { (count) throws(DataError) in
        let first = atHand.prefix(count)
        atHand = atHand.dropFirst(first.count)
        return try first + file.read(upTo: count - first.count, of: contents.name)
      }, body)
  }
}

extension OpenFile {
  fileprivate func read(upTo count: Int, of path: String) throws(DataError) -> [UInt8] {
    try attempt(path, expected: expectation) { () throws(SystemError) in try read(upTo: count) }
  }
}

private let expectation = "a readable AEDAT file"
