import Foundation
import SpideData
import SpideFiles
import Testing

@Suite struct AtomicFileTests {
  @Test func replacesContentsAndLeavesNothingElse() throws {
    let scratch = try Scratch()
    for text in ["first", "", String(repeating: "x", count: 3_000_000)] {
      try AtomicFile.write(Array(text.utf8), to: scratch("f"))
      #expect(try scratch.text("f") == text)
    }
    #expect(try scratch.names == ["f"])
    let mode = try FileManager.default.attributesOfItem(atPath: scratch("f"))[.posixPermissions]
    let mask = umask(0)
    umask(mask)
    #expect(mode as? Int == 0o644 & ~Int(mask))
  }

  @Test func aFailureLeavesTheOldFile() throws {
    let scratch = try Scratch()
    try scratch.write("old", Array("kept".utf8))
    for name in ["old", "new"] {
      expectFailure(.cannotCreate, scratch(name), "No space left on device") {
        try AtomicFile.write(to: scratch(name)) { file throws(SystemError) in
          try file.write([1, 2, 3] as [UInt8])
          throw SystemError(code: ENOSPC)
        }
      }
    }
    #expect(try scratch.names == ["old"])
    #expect(try scratch.text("old") == "kept")
  }

  @Test func checkingTouchesNothing() throws {
    let scratch = try Scratch()
    try scratch.write("old", Array("kept".utf8))
    try AtomicFile.check(scratch("old"))
    try AtomicFile.check(scratch("new"))
    #expect(try scratch.names == ["old"])
    #expect(try scratch.text("old") == "kept")
    expectFailure(.cannotCreate, scratch("none/new"), "No such file or directory") {
      try AtomicFile.check(scratch("none/new"))
    }
    expectFailure(.cannotCreate, scratch(""), "Is a directory") {
      try AtomicFile.check(scratch(""))
    }
  }

  @Test func linksKeepPointingToTheirFile() throws {
    let scratch = try Scratch()
    try scratch.write("real/file", [1])
    try FileManager.default.createSymbolicLink(
      atPath: scratch("link"), withDestinationPath: scratch("real/file"))
    try AtomicFile.write([2], to: scratch("link"))
    #expect(try scratch.bytes("real/file") == [2])
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: scratch("link")) != "")
  }

  /// A link to nothing yet: its file is made, through further links, from wherever they lie.
  @Test func linksMakeTheirFile() throws {
    let scratch = try Scratch()
    try FileManager.default.createDirectory(
      atPath: scratch("in"), withIntermediateDirectories: false)
    for (link, target) in [("a", "in/b"), ("in/b", "../c"), ("away", "none/x"), ("loop", "loop")] {
      symlink(target, scratch(link))
    }
    try AtomicFile.write([1, 2], to: scratch("a"))
    #expect(FileManager.default.contents(atPath: scratch("c")) == Data([1, 2]))
    for link in ["a", "in/b"] {
      var status = stat()
      #expect(lstat(scratch(link), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    }
    for link in ["away", "loop"] {
      #expect(throws: DataError.self) { try AtomicFile.write([1], to: scratch(link)) }
    }
  }

  @Test func saysWhyItCannot() throws {
    let scratch = try Scratch()
    try scratch.write("file", [1])
    for (path, reason) in [
      (scratch.path, "Is a directory"), (scratch("no/f"), "No such file or directory"),
      (scratch("no/"), "Is a directory"), (scratch("file/f"), "Not a directory"),
      ("", "No such file or directory"), ("/dev/full", "No space left on device"),
      (scratch(String(repeating: "n", count: 300)), "File name too long"),
    ] {
      expectFailure(.cannotCreate, "\(path): \(reason)") { try AtomicFile.write([1], to: path) }
    }
    // Not even root may add files here; the reason depends on the system.
    expectFailure(.cannotCreate, "/proc/spide") { try AtomicFile.write([1], to: "/proc/spide") }
    #expect(try scratch.names == ["file"])
    try AtomicFile.write([1], to: "/dev/null")
    var status = stat()
    #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
  }

  private func mode(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }

  @Test(arguments: [0o600, 0o640, 0o666, 0o755, 0o4711, 0o200])
  func theModeStays(_ given: Int) throws {
    let scratch = try Scratch()
    try scratch.write("f", [1])
    try FileManager.default.createSymbolicLink(
      atPath: scratch("link"), withDestinationPath: scratch("f"))
    for (name, byte) in [("f", 2), ("link", 3)] as [(String, UInt8)] {
      #expect(chmod(scratch("f"), mode_t(given)) == 0)
      try AtomicFile.write([byte], to: scratch(name))
      #expect(try mode(scratch("f")) == given)
      #expect(chmod(scratch("f"), 0o600) == 0)
      #expect(try scratch.bytes("f") == [byte])
    }
  }

  /// Half written, it is no more readable than it was.
  @Test func aSecretIsNeverReadableToOthers() throws {
    let scratch = try Scratch()
    try scratch.write("f", [1])
    #expect(chmod(scratch("f"), 0o600) == 0)
    try AtomicFile.write(to: scratch("f")) { file throws(SystemError) in
      try file.write([2] as [UInt8])
      for name in (try? scratch.names) ?? [] { #expect((try? mode(scratch(name))) == 0o600) }
    }
  }

  /// Not even the superuser, whom the system would let.
  @Test(arguments: [0o444, 0o400, 0o555, 0])
  func whatMayNotBeWrittenIsNotReplaced(_ given: Int) throws {
    let scratch = try Scratch()
    try scratch.write("f", [1])
    #expect(chmod(scratch("f"), mode_t(given)) == 0)
    expectFailure(.cannotCreate, scratch("f"), "Permission denied") {
      try AtomicFile.write([2], to: scratch("f"))
    }
    expectFailure(.cannotCreate, scratch("f"), "Permission denied") {
      try AtomicFile.check(scratch("f"))
    }
    #expect(try scratch.names == ["f"])
    #expect(try mode(scratch("f")) == given)
    #expect(chmod(scratch("f"), 0o600) == 0)
    #expect(try scratch.bytes("f") == [1])
  }

  /// Where the program has a folder of its own, nothing leads out of it.
  @Test func whatIsTheProgramsOwnIsAFile() throws {
    let scratch = try Scratch()
    try scratch.write("victim", [1])
    try FileManager.default.createDirectory(
      atPath: scratch("d"), withIntermediateDirectories: false)
    for (name, target) in [("link", "../victim"), ("dangling", "../none"), ("null", "/dev/null")] {
      try FileManager.default.createSymbolicLink(
        atPath: scratch("d/" + name), withDestinationPath: target)
    }
    #expect(mkfifo(scratch("d/pipe"), 0o644) == 0)
    for name in ["link", "dangling", "null", "pipe"] {
      let path = scratch("d/" + name)
      expectFailure(.cannotCreate, "\(path): it is no regular file") {
        try AtomicFile.write([2], to: path, owner: .program)
      }
      expectFailure(.cannotCreate, "\(path): it is no regular file") {
        try AtomicFile.check(path, owner: .program)
      }
    }
    try AtomicFile.write([2], to: scratch("d/own"), owner: .program)
    try AtomicFile.write([3], to: scratch("d/own"), owner: .program)
    #expect(try scratch.bytes("d/own") == [3])
    #expect(try scratch.bytes("victim") == [1])
    #expect(try scratch.names == ["d", "victim"])
  }

  /// A pipe that somebody reads takes all of it; one that nobody reads is told of, and not waited for.
  @Test func pipes() throws {
    let scratch = try Scratch()
    #expect(mkfifo(scratch("pipe"), 0o644) == 0)
    expectFailure(.cannotCreate, "\(scratch("pipe")): nobody reads this pipe") {
      try AtomicFile.write([1], to: scratch("pipe"))
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "cat \"$0\" >\"$1\"", scratch("pipe"), scratch("copy")]
    try process.run()
    let bytes = [UInt8](repeating: 7, count: 300_000)
    // The reader opens it when it comes to it.
    while true {
      do {
        try AtomicFile.write(bytes, to: scratch("pipe"))
        break
      } catch {
        try #require(error.problem == "nobody reads this pipe" && process.isRunning)
        usleep(1000)
      }
    }
    process.waitUntilExit()
    #expect(try scratch.bytes("copy") == bytes)
  }
}
