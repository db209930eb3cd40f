import Foundation

/// An event of a camera: column, row, polarity.
struct Event: Hashable {
  var x: Int
  var y: Int
  var polarity: Int

  init(_ x: Int, _ y: Int, _ polarity: Int) {
    self.x = x
    self.y = y
    self.polarity = polarity
  }
}

/// The bytes of an AEDAT 2.0 file; `address` changes the words made of the events.
func recording(
  _ events: [Event], header: String = "#!AER-DAT2.0\r\n# made up\r\n",
  address: (Int, UInt32) -> UInt32 = { $1 }
) -> [UInt8] {
  var bytes = Array(header.utf8)
  for (index, event) in events.enumerated() {
    let word = UInt32(event.y << 8 | (127 - event.x) << 1 | (1 - event.polarity))
    for value in [address(index, word), UInt32(index)] {
      bytes += (0..<4).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
  }
  return bytes
}

/// Where the files beside the tests are.
func resource(_ name: String, in folder: String = "Recordings") throws -> String {
  let folder = Bundle.module.bundleURL.appendingPathComponent(folder)
  return folder.appendingPathComponent(name).path
}
