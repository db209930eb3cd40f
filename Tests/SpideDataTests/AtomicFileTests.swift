import Foundation
import SpideData
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
}
