import Glibc

/// Memory for the kernels: aligned to cache lines, so that no vector straddles two, and given back with its owner.
///
/// Fresh memory is 0. Pages that are never touched cost nothing, so a buffer may be as large as the worst case.
final class AlignedBuffer<Element: BitwiseCopyable> {
  let base: UnsafeMutablePointer<Element>
  let count: Int
  private let memory: UnsafeMutableRawPointer
  /// Bytes of a mapping of its own; 0 for memory of the heap.
  private let mapped: Int

  /// Bytes of a huge page.
  private static var page: Int { 2 << 20 }

  init(count: Int) {
    self.count = count
    let bytes = count * MemoryLayout<Element>.stride
    // In huge pages it takes fewer translations of addresses. They are asked for, not needed.
    if bytes >= AlignedBuffer.page {
      mapped = bytes + AlignedBuffer.page
      let flags = MAP_PRIVATE | MAP_ANONYMOUS
      guard let memory = mmap(nil, mapped, PROT_READ | PROT_WRITE, flags, -1, 0),
        memory != MAP_FAILED
      else { OutOfMemory.fail(bytes) }
      self.memory = memory
      let start = memory.alignedUp(toMultipleOf: AlignedBuffer.page)
      _ = madvise(start, bytes, MADV_HUGEPAGE)
      base = start.bindMemory(to: Element.self, capacity: count)
    } else {
      mapped = 0
      let line = 64
      guard let memory = calloc(bytes + line, 1) else { OutOfMemory.fail(bytes) }
      self.memory = memory
      base = memory.alignedUp(toMultipleOf: line).bindMemory(to: Element.self, capacity: count)
    }
  }

  convenience init(_ elements: [Element]) {
    self.init(count: elements.count)
    base.update(from: elements, count: elements.count)
  }

  deinit {
    if mapped > 0 { munmap(memory, mapped) } else { free(memory) }
  }

  /// A copy of all elements.
  var elements: [Element] { Array(UnsafeBufferPointer(start: base, count: count)) }

  /// Sets `count` elements from `start` to the element whose bytes are all 0.
  func clear(_ start: Int, _ count: Int) {
    memset(base + start, 0, count * MemoryLayout<Element>.stride)
  }
}
