import Dispatch
import Foundation
import SpideData
import SpideEngine
import SpideExperiment

/// Looks again and again at folders that other programs train into, and tells what is new.
package struct FollowedRuns {
  private struct Followed {
    let order: FollowOrder
    var folder: FollowedFolder
    var curves: FollowedCurves
    /// The last failure that was told.
    var failure: String?
  }

  private var all: [Followed] = []

  /// Follows nothing yet.
  package init() {}

  /// Follows these folders; of those that were followed before no more is told than is new.
  package mutating func follow(_ orders: [FollowOrder]) {
    all = orders.map { order in
      all.first { $0.order.isSame(as: order) }
        ?? Followed(
          order: order, folder: FollowedFolder(order.folder), curves: Self.noCurves(order))
    }
  }

  /// Looks once at each.
  package mutating func look() -> [RunNews] {
    all.indices.compactMap { place in
      var news = RunNews(folder: all[place].order.folder)
      do {
        let found = try all[place].folder.look()
        guard !found.isEmpty else { return nil }
        news.isWritten = found.isWritten
        if found.isAnew { all[place].curves = Self.noCurves(all[place].order) }
        for record in found.records { all[place].curves.add(record) }
        if found.isAnew || !found.records.isEmpty { news.curves = all[place].curves.curves }
        if let path = found.checkpoint {
          news.weights = try weights(path, all[place].order)
        }
        all[place].failure = nil
      } catch {
        let words = "\(error)"
        guard all[place].failure != words || news.curves != nil else { return nil }
        if all[place].failure != words { news.failure = words }
        all[place].failure = words
      }
      return news
    }
  }

  /// The weights of a checkpoint; nil where it has given way to a newer one meanwhile, which the next look finds.
  private func weights(_ path: String, _ order: FollowOrder) throws -> LoadedWeights? {
    do {
      let weights = try LoadedWeights(
        WeightsFile.open(path), for: order.preset, samples: order.samples)
      // Weights alone would be trained as if they were new.
      guard weights.checkpoint != nil else {
        throw DataError(
          .badData, path: path, problem: "it is of another training than the one that was opened",
          expected: "the same preset and settings; :run open opens the folder anew")
      }
      return weights
    } catch let error as DataError where error.kind == .missingInput {
      return nil
    }
  }

  private static func noCurves(_ order: FollowOrder) -> FollowedCurves {
    FollowedCurves(
      samples: order.samples, batchesInEpoch: order.preset.training.batches(of: order.samples))
  }
}

/// Follows folders on a thread of its own.
final class FolderWatch: Sendable {
  /// Between two looks: what is new is told within a second, and a server of files is not asked more than four times in one.
  static let interval = DispatchTimeInterval.milliseconds(400)

  private let orders = Guarded<[FollowOrder]?>(nil)
  private let ordered = DispatchSemaphore(value: 0)
  private let publish: @Sendable (RunNews) -> Void

  /// A thread that waits for orders. `publish` is called from it.
  init(publish: @escaping @Sendable (RunNews) -> Void) {
    self.publish = publish
    let thread = Thread { self.work() }
    thread.name = "following"
    thread.start()
  }

  /// Follows these folders from now on, and no others.
  func follow(_ folders: [FollowOrder]) {
    orders.withLock { $0 = folders }
    ordered.signal()
  }

  private func work() {
    var runs = FollowedRuns()
    var isIdle = true
    while true {
      if isIdle {
        ordered.wait()
      } else {
        _ = ordered.wait(timeout: .now() + Self.interval)
      }
      let next = orders.withLock { orders in
        defer { orders = nil }
        return orders
      }
      if let next {
        runs.follow(next)
        isIdle = next.isEmpty
      }
      for news in runs.look() { publish(news) }
    }
  }
}
