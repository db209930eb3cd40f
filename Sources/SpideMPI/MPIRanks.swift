#if MPI
  import CMPI
  import Glibc
  import SpideEngine

  /// The processes that an MPI launcher has started together.
  ///
  /// Nothing here waits without looking: a rank that loses another, or hears nothing from it for longer than ``Patience``
  /// allows, says so and ends the job.
  package final class MPIRanks: Ranks, @unchecked Sendable {
    /// Why MPI could not begin.
    package struct Failure: Error {
      /// What it says.
      package let text: String
    }

    package let number: Int
    package let count: Int
    /// The host of each rank, by number.
    package private(set) var hosts: [String] = []
    /// Bytes that this rank has sent.
    package private(set) var sentBytes = 0
    private var transfers = spide_mpi_transfers()
    /// By place: the other rank of a transfer that is on its way.
    private var others: [Int: Int] = [:]
    private var patience = Patience()
    /// Whether somebody wants this process to end. A launcher that has lost a machine does, shortly before it kills.
    private let isInterrupted: @Sendable () -> Bool
    private var hasNamedSilent = false
    /// When each rank has last said that it waits, too.
    private var heard: [Int: ContinuousClock.Instant] = [:]
    private let clock = ContinuousClock()
    private var lastWait: ContinuousClock.Instant

    /// Begins MPI, which a process can do once, on the thread that uses this from then on.
    ///
    /// - Parameter isInterrupted: whether somebody wants it to end; whom it has waited for in vain is said then.
    /// - Throws: ``Failure``.
    package init(isInterrupted: @escaping @Sendable () -> Bool) throws(Failure) {
      func check(_ error: Int32) throws(Failure) {
        if error != 0 { throw Failure(text: MPIRanks.text(error)) }
      }
      var (rank, size): (Int32, Int32) = (0, 1)
      try check(spide_mpi_begin())
      try check(spide_mpi_rank(&rank))
      try check(spide_mpi_size(&size))
      (number, count) = (Int(rank), Int(size))
      self.isInterrupted = isInterrupted
      lastWait = clock.now
      hosts = gather(Array(MPIRanks.hostName.utf8)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// From now on ranks are waited for as long as fits what they do, not as long as a start may take.
    package func settle() { patience.settle() }

    /// Ends MPI, once all ranks have come here.
    package func end() {
      _ = gather([])
      while takeBeat(MPIRanks.beatTag) != nil {}
      _ = spide_mpi_end()
    }

    /// Ends this process and all other ranks, with an exit code.
    package func abort(_ code: Int32) -> Never {
      // Where the launcher cannot be reached any more, that may not return.
      var thread = pthread_t()
      let argument = UnsafeMutableRawPointer(bitPattern: Int(code))
      pthread_create(
        &thread, nil,
        { code in
          sleep(5)
          _exit(Int32(truncatingIfNeeded: Int(bitPattern: code)))
        }, argument)
      spide_mpi_abort(code)
      _exit(code)
    }

    package func send(_ bytes: UnsafeRawBufferPointer, to rank: Int, tag: Int) -> RankTransfer {
      let place = place(rank)
      sentBytes += bytes.count
      check(
        spide_mpi_send(
          &transfers, Int32(place), bytes.baseAddress, Int32(bytes.count), Int32(rank), Int32(tag)),
        rank)
      return RankTransfer(id: place)
    }

    package func receive(
      into bytes: UnsafeMutableRawBufferPointer, from rank: Int, tag: Int
    ) -> RankTransfer {
      let place = place(rank)
      check(
        spide_mpi_receive(
          &transfers, Int32(place), bytes.baseAddress, Int32(bytes.count), Int32(rank), Int32(tag)),
        rank)
      return RankTransfer(id: place)
    }

    package func firstOver(of transfers: [RankTransfer]) -> Int {
      var wait = Wait(since: clock.now, beat: patience.beat)
      patience.note(work: wait.start - lastWait)
      defer { lastWait = clock.now }
      while true {
        for (place, transfer) in transfers.enumerated() where isOver(transfer) { return place }
        wait.pause(clock)
        if wait.isBeatDue { beat() }
        if !hasNamedSilent, wait.time > patience.suspicious, isInterrupted(),
          let silent = silent(among: transfers, wait)
        {
          hasNamedSilent = true
          tell("nothing from \(name(silent)) for \(wait.time.components.seconds) s")
        }
        if wait.time > patience.limit, let silent = silent(among: transfers, wait) {
          fail("nothing from \(name(silent)) for \(wait.time.components.seconds) s")
        }
      }
    }

    private func isOver(_ transfer: RankTransfer) -> Bool {
      var isOver: Int32 = 0
      check(spide_mpi_test(&transfers, Int32(transfer.id), &isOver), others[transfer.id])
      if isOver != 0 { others[transfer.id] = nil }
      return isOver != 0
    }

    private func place(_ rank: Int) -> Int {
      let place = Int(spide_mpi_place(&transfers))
      if place < 0 { fail("out of memory") }
      others[place] = rank
      return place
    }

    /// Tells all others that this rank is there, and waits.
    private func beat() {
      for rank in 0..<count where rank != number {
        check(spide_mpi_beat(Int32(rank), MPIRanks.beatTag), rank)
      }
      let now = clock.now
      while let rank = takeBeat(MPIRanks.beatTag) { heard[rank] = now }
      // Who has ended the job has said why.
      if takeBeat(MPIRanks.endTag) != nil { _exit(MPIRanks.lost) }
    }

    private func takeBeat(_ tag: Int32) -> Int? {
      var from: Int32 = -1
      check(spide_mpi_take_beat(tag, &from), nil)
      return from < 0 ? nil : Int(from)
    }

    /// The first rank that is waited for and is not heard of either; whoever waits itself will find out for whom.
    private func silent(among transfers: [RankTransfer], _ wait: Wait) -> Int? {
      let awaited = transfers.compactMap { others[$0.id] }.sorted()
      // All that wait for each other for ever have a fault in common.
      if wait.time > patience.limit * 10 { return awaited.first }
      let now = clock.now
      return awaited.first { rank in heard[rank].map { now - $0 > patience.beat * 3 } ?? true }
    }

    private func check(_ error: Int32, _ rank: Int?) {
      guard error != 0 else { return }
      fail((rank.map { "lost \(name($0)): " } ?? "") + MPIRanks.text(error))
    }

    private func fail(_ problem: String) -> Never {
      tell("\(problem); the job ends")
      for rank in 0..<count where rank != number {
        _ = spide_mpi_beat(Int32(rank), MPIRanks.endTag)
      }
      abort(MPIRanks.lost)
    }

    private func tell(_ what: String) {
      let line = "spide-tui: \(what) (\(name(number)))\n"
      _ = line.withCString { write(STDERR_FILENO, $0, strlen($0)) }
    }

    /// A rank in words.
    private func name(_ rank: Int) -> String {
      "rank \(rank)" + (hosts.indices.contains(rank) ? " on \(hosts[rank])" : "")
    }

    /// The exit code where another rank is lost.
    package static let lost: Int32 = 69

    /// Of messages that nobody waits for: that a rank is there, and that it ends the job. Pieces of gradients have smaller
    /// ones, and every MPI allows these.
    private static let (beatTag, endTag): (Int32, Int32) = (32767, 32766)

    private static var hostName: String {
      var bytes = [CChar](repeating: 0, count: 256)
      guard gethostname(&bytes, bytes.count - 1) == 0 else { return "?" }
      return String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private static func text(_ error: Int32) -> String {
      var bytes = [CChar](repeating: 0, count: Int(SPIDE_MPI_TEXT))
      spide_mpi_text(error, &bytes)
      return String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
  }
#endif
