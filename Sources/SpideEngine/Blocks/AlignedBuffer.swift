import Glibc

/// Memory for the kernels: aligned to cache lines, so that no vector straddles two, and given back with its owner.
///
/// Fresh memory is 0. Pages that are never touched cost nothing, so a buffer may be as large as the worst case.
final class AlignedBuffer<Element: BitwiseCopyable> {
  let base: UnsafeMutablePointer<Element>
  let count: Int
  private let memory: UnsafeMutableRawPointer

  init(count: Int) {
    self.count = count
    let line = 64
    let bytes = count * MemoryLayout<Element>.stride + line
    guard let memory = calloc(bytes, 1) else {
      fatalError("out of memory: \(bytes) bytes wanted")
    }
    self.memory = memory
    base = memory.alignedUp(toMultipleOf: line).bindMemory(to: Element.self, capacity: count)
  }

  convenience init(_ elements: [Element]) {
    self.init(count: elements.count)
    base.update(from: elements, count: elements.count)
  }

  deinit { free(memory) }

  /// A copy of all elements.
  var elements: [Element] { Array(UnsafeBufferPointer(start: base, count: count)) }

  /// Sets `count` elements from `start` to the element whose bytes are all 0.
  func clear(_ start: Int, _ count: Int) {
    memset(base + start, 0, count * MemoryLayout<Element>.stride)
  }
}
