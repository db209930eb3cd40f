import CZlib
import Glibc
import SpideEngine
import SpideFiles

/// Frames made from recordings, kept in `$XDG_CACHE_HOME/spide-tui/cifar10-dvs` (`~/.cache` where that is not set): a
/// sixth of the bytes of the recordings, and of the time that making them takes.
///
/// An entry is used only if it is whole and was made from the very file that is there now; anything else is made anew.
/// Where nothing can be written, nothing is kept. The folder may be deleted at any time.
public struct FrameCache: Equatable, Sendable {
  /// Where entries are; nil where the environment names no home.
  public let folder: String?

  /// The cache of a user's environment (`XDG_CACHE_HOME`, `HOME`).
  public init(environment: [String: String]) {
    folder = UserFolders(environment).cache.map { $0 + "/cifar10-dvs" }
  }

  /// What frames were made from, and how many.
  package struct Key {
    /// The beginning of the entry: text that says all of it.
    package let text: [UInt8]
    /// The entry's file name.
    package let name: String
    /// Numbers in the frames.
    let count: Int

    /// `frames` frames of that form, of `count` numbers together, from the file at the absolute `path` with that status.
    package init(
      path: String, status: stat, frames: Int, count: Int, form: EventFrames = .counts
    ) {
      let (modified, changed) = (status.st_mtim, status.st_ctim)
      text = Array(
        """
        spide-tui event frames 2, \(form.rawValue)
        \(frames) frames, \(count) numbers
        \(status.st_size) bytes, inode \(status.st_ino), modified \(modified.tv_sec).\(modified.tv_nsec), \
        changed \(changed.tv_sec).\(changed.tv_nsec)
        \(path)

        """.utf8)
      // FNV-1a: names need only differ; the text decides.
      let hash = path.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
        ($0 ^ UInt64($1)) &* 0x100_0000_01B3
      }
      let name = "\(String(hash, radix: 16))-\(frames)"
      self.name = form == .counts ? "\(name).frames" : "\(name)-\(form.rawValue).frames"
      self.count = count
    }
  }

  /// The frames of `key`; nil where there is no entry, or one that is damaged or out of date.
  package func read(_ key: Key) -> [UInt32]? {
    guard let folder else { return nil }
    do throws(DataError) {
      let size = key.text.count + 2 * key.count + 4
      let bytes = try FileBytes.read("\(folder)/\(key.name)", expected: "frames", largest: size)
      return FrameCache.decode(bytes, key)
    } catch {
      return nil
    }
  }

  /// Keeps frames, where that can be done.
  package func write(_ frames: [UInt32], _ key: Key) {
    guard let folder, let entry = FrameCache.encode(frames, key) else { return }
    // Whoever cannot keep them makes them again.
    do throws(SystemError) { try NewFolder.make(folder, mode: 0o700) } catch { return }
    do throws(DataError) {
      try AtomicFile.write(entry, to: "\(folder)/\(key.name)", owner: .program)
    } catch {}
  }

  /// The text of the key, each number as 16 bits, and the CRC-32 of all that; nil where a number needs more bits.
  package static func encode(_ frames: [UInt32], _ key: Key) -> [UInt8]? {
    guard frames.allSatisfy({ $0 <= UInt16.max }) else { return nil }
    var bytes = key.text
    bytes.reserveCapacity(bytes.count + 2 * frames.count + 4)
    for value in frames {
      bytes.append(UInt8(truncatingIfNeeded: value))
      bytes.append(UInt8(truncatingIfNeeded: value >> 8))
    }
    let sum = checksum(bytes[...])
    return bytes + (0..<4).map { UInt8(truncatingIfNeeded: sum >> (8 * $0)) }
  }

  /// The numbers of a whole entry for that key; nil for anything else.
  package static func decode(_ bytes: [UInt8], _ key: Key) -> [UInt32]? {
    let start = key.text.count
    let end = start + 2 * key.count
    guard bytes.count == end + 4, bytes.starts(with: key.text) else { return nil }
    let sum = bytes[end...].reversed().reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
    guard sum == checksum(bytes[..<end]) else { return nil }
    return (0..<key.count).map {
      UInt32(bytes[start + 2 * $0]) | UInt32(bytes[start + 2 * $0 + 1]) << 8
    }
  }

  private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.withUnsafeBufferPointer {
      UInt32(truncatingIfNeeded: crc32_z(0, $0.baseAddress, $0.count))
    }
  }
}
