import ArgumentParser
import Glibc
import SpideEngine
import SpideExperiment

#if MPI
  import SpideMPI
#endif

/// How a launcher such as `mpirun` or `srun` has started this process, as one of several.
struct RankLaunch: Equatable {
  /// The number of this process.
  let rank: Int
  /// How many there are.
  let count: Int

  /// What the environment says; nil where the process was started alone.
  init?(environment: (String) -> String?) {
    // Open MPI; MPICH, Intel MPI and Slurm's PMI; MVAPICH; Slurm where it leaves the rest to PMIx.
    let names = [
      ("OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK"), ("PMI_SIZE", "PMI_RANK"),
      ("MV2_COMM_WORLD_SIZE", "MV2_COMM_WORLD_RANK"), ("SLURM_STEP_NUM_TASKS", "SLURM_PROCID"),
    ]
    for (size, rank) in names {
      guard let count = environment(size).flatMap({ Int($0) }), count > 1 else { continue }
      self.init(rank: environment(rank).flatMap { Int($0) } ?? 0, count: count)
      return
    }
    return nil
  }

  private init(rank: Int, count: Int) { (self.rank, self.count) = (rank, count) }

  /// How this process was started.
  static let here = RankLaunch { name in getenv(name).map { String(cString: $0) } }

  /// Refuses a command that several processes would do each for itself, over the same files.
  static func requireAlone(_ command: any ParsableCommand) throws(UsageError) {
    guard let here, !(command is TrainCommand) else { return }
    let name = type(of: command).configuration.commandName ?? "explore"
    throw UsageError(
      "\(name) was started as one of \(here.count) processes; expected one, as only train runs on several"
    )
  }
}

/// The processes that carry out a command together: ranks of MPI, or one alone.
struct Launched {
  let team: Team
  #if MPI
    private var ranks: MPIRanks?
  #endif

  /// All that have been started together.
  ///
  /// - Throws: ``UsageError`` where they do not find each other.
  init() throws(UsageError) {
    guard let launch = RankLaunch.here else {
      team = .alone
      return
    }
    #if MPI
      let ranks: MPIRanks
      do throws(MPIRanks.Failure) {
        ranks = try MPIRanks { Interruption.hasCome }
      } catch {
        throw UsageError("MPI does not begin: \(error.text)")
      }
      guard ranks.count == launch.count else {
        throw UsageError(
          "started as one of \(launch.count) processes, of which MPI finds \(ranks.count); expected the "
            + "launcher of the MPI that the program was built with, or srun --mpi=pmix or pmi2")
      }
      self.ranks = ranks
      team = Team(ranks, hosts: ranks.hosts) { Failing($0).exitCode }
    #else
      throw UsageError(
        "started as one of \(launch.count) processes, but this program was built without MPI; expected "
          + "SPIDE_MPI=1 ./run, or swift build -c release --traits MPI")
    #endif
  }

  /// Bytes that this process has sent to the others.
  var sentBytes: Int {
    #if MPI
      return ranks?.sentBytes ?? 0
    #else
      return 0
    #endif
  }

  /// All have the same data and settings: from now on, they are waited for as long as fits what they do.
  func settle() {
    #if MPI
      ranks?.settle()
    #endif
  }

  /// All have done what they were to do, or all know of an error.
  func end() {
    #if MPI
      ranks?.end()
    #endif
  }

  /// Carries something out on all, and ends with them.
  func run(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch {
      // Nobody else knows of any other error than these.
      if team.isAlone { throw error }
      if error is RankFailure || error is ExitCode {
        // Said before any of them ends: a launcher that sees one end so may end the others at once.
        let failing = Failing(error)
        failing.tell()
        end()
        throw ExitCode(failing.exitCode)
      }
      #if MPI
        let failing = Failing(error)
        failing.tell()
        ranks?.abort(failing.exitCode)
      #endif
    }
    end()
  }
}
