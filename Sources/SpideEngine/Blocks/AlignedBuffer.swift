import CSpikeKernels
import Glibc

/// Memory for the kernels: aligned to cache lines, so that no vector straddles two, and given back with its owner.
///
/// Fresh memory is 0. Pages that are never touched cost nothing, so a buffer may be as large as the worst case.
final class AlignedBuffer<Element: BitwiseCopyable> {
  let base: UnsafeMutablePointer<Element>
  let count: Int
  private let memory: UnsafeMutableRawPointer
  /// Bytes of ``memory``.
  private let allocated: Int
  /// Whether it is a mapping of its own, and not of the heap.
  private let isMapped: Bool

  /// Bytes of a huge page.
  private static var page: Int { 2 << 20 }

  init(count: Int) {
    self.count = count
    let bytes = count * MemoryLayout<Element>.stride
    // In huge pages it takes fewer translations of addresses. They are asked for, not needed.
    isMapped = bytes >= AlignedBuffer.page
    if isMapped {
      allocated = bytes + AlignedBuffer.page
      let flags = MAP_PRIVATE | MAP_ANONYMOUS
      guard let memory = mmap(nil, allocated, PROT_READ | PROT_WRITE, flags, -1, 0),
        memory != MAP_FAILED
      else { OutOfMemory.fail(bytes) }
      self.memory = memory
      let start = memory.alignedUp(toMultipleOf: AlignedBuffer.page)
      _ = madvise(start, bytes, MADV_HUGEPAGE)
      base = start.bindMemory(to: Element.self, capacity: count)
    } else {
      let line = 64
      allocated = bytes + line
      guard let memory = calloc(allocated, 1) else { OutOfMemory.fail(bytes) }
      self.memory = memory
      base = memory.alignedUp(toMultipleOf: line).bindMemory(to: Element.self, capacity: count)
    }
    // What lies around the elements is nobody's.
    let start = UnsafeMutableRawPointer(base)
    spike_forbid(memory, Int64(start - memory))
    spike_forbid(start + bytes, Int64(memory + allocated - (start + bytes)))
  }

  convenience init(_ elements: [Element]) {
    self.init(count: elements.count)
    base.update(from: elements, count: elements.count)
  }

  deinit {
    spike_permit(memory, Int64(allocated))
    if isMapped { munmap(memory, allocated) } else { free(memory) }
  }

  /// A copy of all elements.
  var elements: [Element] { Array(UnsafeBufferPointer(start: base, count: count)) }

  /// Sets `count` elements from `start` to the element whose bytes are all 0.
  func clear(_ start: Int, _ count: Int) {
    memset(base + start, 0, count * MemoryLayout<Element>.stride)
  }
}
