/// The processes that train one network together, as one of them sees it.
///
/// Each runs the samples of its shards (``RankShards``), and all come to the same bits as one process alone would. All call
/// the same functions of these, in the same order; each uses them from one thread at a time. Whoever loses another does
/// not return: it says so and ends.
package protocol Ranks: AnyObject, Sendable {
  /// The number of this one, in `0 ..< count`.
  var number: Int { get }
  /// How many there are, at least 1.
  var count: Int { get }
  /// Fewest bytes of a message that is worth sending by itself.
  var messageSize: Int { get }

  /// Starts to send bytes, which must neither change nor go away until that is over. What is sent to a rank under a tag arrives
  /// in the order in which it was sent.
  ///
  /// - Parameters:
  ///   - bytes: as many as the other asks for.
  ///   - rank: not this one.
  ///   - tag: 0 or more.
  func send(_ bytes: UnsafeRawBufferPointer, to rank: Int, tag: Int) -> RankTransfer

  /// Starts to receive, into memory that nobody else uses until that is over.
  func receive(
    into bytes: UnsafeMutableRawBufferPointer, from rank: Int, tag: Int
  ) -> RankTransfer

  /// Waits until one of some transfers is over.
  ///
  /// - Returns: its place among them, which is not asked for again.
  func firstOver(of transfers: [RankTransfer]) -> Int
}

/// Bytes that are on their way between two ranks.
package struct RankTransfer: Sendable, Equatable {
  /// Known to the ``Ranks`` that gave it.
  package let id: Int

  /// One of that number.
  package init(id: Int) { self.id = id }
}

/// A process that trains alone.
package final class OneRank: Ranks {
  package let number = 0
  package let count = 1

  /// The only one there is.
  package init() {}

  package func send(_ bytes: UnsafeRawBufferPointer, to rank: Int, tag: Int) -> RankTransfer {
    preconditionFailure("alone, and sends to \(rank)")
  }

  package func receive(
    into bytes: UnsafeMutableRawBufferPointer, from rank: Int, tag: Int
  ) -> RankTransfer {
    preconditionFailure("alone, and waits for \(rank)")
  }

  package func firstOver(of transfers: [RankTransfer]) -> Int {
    preconditionFailure("alone, and waits for \(transfers.count) transfers")
  }
}

extension Ranks {
  /// 8 kB, which take longer than the start of a message.
  package var messageSize: Int { 1 << 13 }

  /// Whether there is no other.
  package var isAlone: Bool { count == 1 }

  /// Gives every rank what each has.
  ///
  /// - Returns: the bytes of each, by number.
  package func gather(_ bytes: [UInt8]) -> [[UInt8]] {
    if isAlone { return [bytes] }
    let sizes = collect(AlignedBuffer([bytes.count]), counts: [Int](repeating: 1, count: count))
    let counts = sizes.elements
    let all = collect(AlignedBuffer(bytes), counts: counts).elements
    var start = 0
    return counts.map { count in
      defer { start += count }
      return Array(all[start..<start + count])
    }
  }

  /// Gives every rank the words of each, of which all know how many they are.
  ///
  /// - Returns: the words of all, one rank's after the other's.
  package func gather(_ words: [UInt64], counts: [Int]) -> [UInt64] {
    precondition(
      counts.count == count && counts[number] == words.count, "\(words.count) of \(counts) words")
    return isAlone ? words : collect(AlignedBuffer(words), counts: counts).elements
  }

  /// Gives every rank the bytes that rank 0 has.
  package func broadcast(_ bytes: [UInt8]) -> [UInt8] {
    if isAlone { return bytes }
    let size = AlignedBuffer([bytes.count])
    share(size)
    let all = number == 0 ? AlignedBuffer(bytes) : AlignedBuffer<UInt8>(count: size.base[0])
    share(all)
    return all.elements
  }

  /// Rank 0 gets the parts of all and gives each the whole.
  private func collect<Element: BitwiseCopyable>(
    _ part: AlignedBuffer<Element>, counts: [Int]
  ) -> AlignedBuffer<Element> {
    let whole = AlignedBuffer<Element>(count: counts.reduce(0, +))
    if number == 0 {
      whole.base.update(from: part.base, count: part.count)
      var start = part.count
      var transfers: [RankTransfer] = []
      for (rank, count) in counts.enumerated().dropFirst() {
        transfers += pieces(whole, start..<start + count).map {
          receive(into: $0, from: rank, tag: 0)
        }
        start += count
      }
      finish(transfers)
    } else {
      finish(pieces(part, 0..<part.count).map { send(UnsafeRawBufferPointer($0), to: 0, tag: 0) })
    }
    share(whole)
    return whole
  }

  /// Rank 0 sends a buffer to all others.
  private func share<Element: BitwiseCopyable>(_ buffer: AlignedBuffer<Element>) {
    let pieces = pieces(buffer, 0..<buffer.count)
    if number > 0 { return finish(pieces.map { receive(into: $0, from: 0, tag: 0) }) }
    finish(
      (1..<count).flatMap { rank in
        pieces.map { send(UnsafeRawBufferPointer($0), to: rank, tag: 0) }
      })
  }

  /// Elements of a buffer in messages that none is too large for MPI, which counts bytes in 31 bits.
  private func pieces<Element: BitwiseCopyable>(
    _ buffer: AlignedBuffer<Element>, _ range: Range<Int>
  ) -> [UnsafeMutableRawBufferPointer] {
    stride(from: range.lowerBound, to: range.upperBound, by: 1 << 24).map {
      let count = min(1 << 24, range.upperBound - $0)
      return UnsafeMutableRawBufferPointer(
        UnsafeMutableBufferPointer(start: buffer.base + $0, count: count))
    }
  }

  /// Waits until all of some transfers are over.
  private func finish(_ transfers: [RankTransfer]) {
    var transfers = transfers
    while !transfers.isEmpty { transfers.remove(at: firstOver(of: transfers)) }
  }
}
