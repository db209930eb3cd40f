import Foundation
import SpideData
import SpideEngine
import Testing

@Suite struct FrameCacheTests {
  private func key(
    _ path: String = "/d/x.aedat", size: Int = 100, second: Int = 1, frames: Int = 3,
    count: Int = 6, form: EventFrames = .counts, nanosecond: Int = 4, changed: Int = 5
  ) -> FrameCache.Key {
    var status = stat()
    status.st_size = size
    status.st_mtim = timespec(tv_sec: second, tv_nsec: nanosecond)
    status.st_ctim = timespec(tv_sec: 2, tv_nsec: changed)
    return FrameCache.Key(path: path, status: status, frames: frames, count: count, form: form)
  }

  private let frames: [UInt32] = [0, 1, 255, 256, 65535, 7]

  @Test func followsTheConvention() {
    func folder(_ environment: [String: String]) -> String? {
      FrameCache(environment: environment).folder
    }
    #expect(folder(["XDG_CACHE_HOME": "/c", "HOME": "/h"]) == "/c/spide-tui/cifar10-dvs")
    #expect(folder(["XDG_CACHE_HOME": "c", "HOME": "/h"]) == "/h/.cache/spide-tui/cifar10-dvs")
    #expect(folder(["HOME": ""]) == nil)
  }

  @Test func keepsFramesForOneStateOfOneFile() throws {
    let scratch = try Scratch()
    let cache = FrameCache(environment: ["XDG_CACHE_HOME": scratch("a/b")])
    #expect(cache.read(key()) == nil)
    cache.write(frames, key())
    #expect(cache.read(key()) == frames)
    #expect(try scratch.names == ["a"])
    for other in [
      key("/d/y.aedat"), key(size: 101), key(second: 2), key(frames: 2), key(form: .authors),
      key(nanosecond: 5), key(changed: 6),
    ] {
      #expect(cache.read(other) == nil)
    }
    // Both forms of a recording's frames are kept side by side.
    cache.write(frames.reversed(), key(form: .authors))
    #expect(cache.read(key()) == frames && cache.read(key(form: .authors)) == frames.reversed())
    #expect(
      FrameCache.encode(frames, key()).flatMap { FrameCache.decode($0, key(form: .authors)) } == nil
    )
    // Another path that hashes alike would find this entry, and not use it.
    let entry = scratch("a/b/spide-tui/cifar10-dvs/\(key().name)")
    try FileManager.default.moveItem(
      atPath: entry, toPath: scratch("a/b/spide-tui/cifar10-dvs/\(key("/d/y.aedat").name)"))
    #expect(cache.read(key("/d/y.aedat")) == nil)
  }

  @Test func everyDamageIsSeen() throws {
    let entry = try #require(FrameCache.encode(frames, key()))
    #expect(FrameCache.decode(entry, key()) == frames)
    for place in entry.indices {
      var damaged = entry
      damaged[place] ^= 0x10
      #expect(FrameCache.decode(damaged, key()) == nil)
      #expect(FrameCache.decode(Array(entry[..<place]), key()) == nil)
    }
    #expect(FrameCache.decode(entry + [0], key()) == nil)
    #expect(FrameCache.encode([65536], key(count: 1)) == nil, "numbers that do not fit")
  }

  @Test(arguments: ["/dev/null/x", "/proc/nothing/here"])
  func doesWithoutAFolder(home: String) {
    let cache = FrameCache(environment: ["XDG_CACHE_HOME": home])
    cache.write(frames, key())
    #expect(cache.read(key()) == nil)
    #expect(FrameCache(environment: [:]).read(key()) == nil)
  }
}
