import Foundation
import SpideEngine

/// Ranks that are threads of one process: what a rank sends is copied into a box, from which the other takes it.
final class ThreadRanks: Ranks, @unchecked Sendable {
  let number: Int
  let count: Int
  /// So small that a gradient of a test's network has many pieces.
  let messageSize = 256
  private let boxes: Boxes
  /// What this rank waits for, by number; what it sends is over at once.
  private var waiting: [Int: (box: Boxes.Box, bytes: UnsafeMutableRawBufferPointer)] = [:]
  private var started = 0
  /// Bytes that this rank has sent.
  private(set) var sent = 0

  private init(_ number: Int, of count: Int, _ boxes: Boxes) {
    (self.number, self.count, self.boxes) = (number, count, boxes)
  }

  /// Calls a body as each of so many ranks, side by side.
  ///
  /// - Returns: what each came to, by number.
  static func run<Result: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (ThreadRanks) -> Result
  ) -> [Result] {
    let boxes = Boxes()
    let results = Guarded([Result?](repeating: nil, count: count))
    let group = DispatchGroup()
    for number in 0..<count {
      group.enter()
      // A thread of its own: those of a pool might all wait for one that does not begin.
      let thread = Thread {
        let result = body(ThreadRanks(number, of: count, boxes))
        results.withLock { $0[number] = result }
        group.leave()
      }
      thread.stackSize = 8 << 20
      thread.start()
    }
    group.wait()
    return results.withLock { $0.compactMap(\.self) }
  }

  func send(_ bytes: UnsafeRawBufferPointer, to rank: Int, tag: Int) -> RankTransfer {
    precondition(rank != number && (0..<count).contains(rank), "\(number) sends to \(rank)")
    boxes.put(Array(bytes), Boxes.Box(from: number, to: rank, tag: tag))
    sent += bytes.count
    started += 1
    return RankTransfer(id: started)
  }

  func receive(
    into bytes: UnsafeMutableRawBufferPointer, from rank: Int, tag: Int
  ) -> RankTransfer {
    precondition(rank != number && (0..<count).contains(rank), "\(number) waits for \(rank)")
    started += 1
    waiting[started] = (Boxes.Box(from: rank, to: number, tag: tag), bytes)
    return RankTransfer(id: started)
  }

  /// Of those that are over any, so that nobody relies on an order.
  func firstOver(of transfers: [RankTransfer]) -> Int {
    boxes.wait {
      for (place, transfer) in transfers.enumerated().shuffled() {
        guard let (box, room) = waiting[transfer.id] else { return place }
        // Earlier ones of the same box get what came first.
        let isFirst = !waiting.contains { $0.key < transfer.id && $0.value.box == box }
        guard isFirst, let bytes = boxes.take(box) else { continue }
        precondition(bytes.count == room.count, "\(bytes.count) bytes instead of \(room.count)")
        room.copyBytes(from: bytes)
        waiting[transfer.id] = nil
        return place
      }
      return nil
    }
  }

  /// What is on its way.
  private final class Boxes: @unchecked Sendable {
    struct Box: Hashable {
      let from, to, tag: Int
    }
    private let condition = NSCondition()
    private var contents: [Box: [[UInt8]]] = [:]

    func put(_ bytes: [UInt8], _ box: Box) {
      condition.withLock { contents[box, default: []].append(bytes) }
      condition.broadcast()
    }

    /// Within ``wait(for:)``.
    func take(_ box: Box) -> [UInt8]? {
      guard let first = contents[box]?.first else { return nil }
      contents[box]?.removeFirst()
      return first
    }

    /// Looks again whenever something has come.
    func wait<Result>(for body: () -> Result?) -> Result {
      condition.withLock {
        while true {
          if let result = body() { return result }
          condition.wait()
        }
      }
    }
  }
}
