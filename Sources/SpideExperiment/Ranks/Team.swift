import SpideEngine

/// The processes of one training, which go on together and fail together. The first of them speaks for all.
package final class Team: Sendable {
  /// What they send each other.
  package let ranks: any Ranks
  /// The host of each, by number.
  package let hosts: [String]
  /// The exit code that an error ends the program with, 1 … 255.
  private let exitCode: @Sendable (any Error) -> Int32

  /// A process that trains alone.
  package static let alone = Team(OneRank(), hosts: [""]) { _ in 1 }

  /// So many processes on those hosts.
  package init(
    _ ranks: any Ranks, hosts: [String], exitCode: @escaping @Sendable (any Error) -> Int32
  ) {
    (self.ranks, self.hosts, self.exitCode) = (ranks, hosts, exitCode)
  }

  /// Whether there is no other.
  package var isAlone: Bool { ranks.isAlone }
  /// Whether this is the one that reads and writes for all.
  package var isFirst: Bool { ranks.number == 0 }

  /// A rank in words.
  package func name(_ rank: Int) -> String { "rank \(rank) on \(hosts[rank])" }

  /// Has all ranks know of an error of any of them, or of a wish to stop.
  ///
  /// - Returns: whether any wants to stop.
  /// - Throws: where any has an error, on all: the error itself on the first that has one, in a ``RankFailure``; alone as it
  ///   is.
  package func agree(on error: (any Error)? = nil, stop: Bool = false) throws -> Bool {
    if isAlone {
      if let error { throw error }
      return stop
    }
    let code = error.map { UInt64(min(max(exitCode($0), 1), 255)) } ?? 0
    let words = ranks.gather(
      [stop ? code | 256 : code], counts: [Int](repeating: 1, count: ranks.count))
    let failed = words.indices.filter { words[$0] & 255 != 0 }
    guard let first = failed.first else { return words.contains { $0 & 256 != 0 } }
    // What all have in common is no rank's.
    let place = failed.count == words.count ? nil : name(first)
    throw RankFailure(
      error: first == ranks.number ? error : nil, place: place,
      exitCode: Int32(words[first] & 255))
  }

  /// Does what may fail on each rank; where it does on any, none goes on.
  ///
  /// - Throws: as ``agree(on:stop:)``.
  package func together<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      let result = try body()
      _ = try isAlone || agree()
      return result
    } catch let failure as RankFailure {
      throw failure
    } catch {
      _ = try agree(on: error)
      throw error
    }
  }
}

/// Why all ranks of a training end.
package struct RankFailure: Error {
  /// What went wrong, on the rank that is to say so; nil on the others.
  package let error: (any Error)?
  /// The rank where it went wrong; nil where it did on all of them.
  package let place: String?
  /// The exit code of all.
  package let exitCode: Int32
}
