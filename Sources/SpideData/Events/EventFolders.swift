import Glibc
import SpideEngine
import SpideFiles

extension DataSet {
  /// CIFAR10-DVS: recordings by an event camera.
  public static let cifar10DVS = DataSet(
    SampleForm(
      name: "cifar10-dvs", shape: LayerShape(channels: 2, height: 48, width: 48),
      classes: cifar10Names.count, variesInTime: true), classNames: cifar10Names,
    find: { set, folders throws(DataError) in
      _ = try EventFolders.find(in: folders, classNames: set.classNames)
    }
  ) { set, request throws(DataError) in
    let failures = ReadFailures()
    let cache = FrameCache(environment: request.environment)
    func part(
      _ part: EventFolders.Part, _ augmentation: Augmentation?
    ) throws(DataError) -> EventSet {
      EventSet(
        shape: set.shape, classNames: set.classNames, frames: request.forwardSteps,
        form: request.frames, paths: part.paths, labels: part.labels,
        preprocessing: try Preprocessing(
          name: set.name, shape: set.shape, normalization: request.normalization,
          augmentation: augmentation), cache: cache, failures: failures)
    }
    let parts = try EventFolders.load(from: request.folders, classNames: set.classNames)
    return DataSplit(
      train: try part(parts.train, request.augmentation), test: try part(parts.test, nil),
      failures: failures)
  }
}

/// CIFAR10-DVS as published: a folder for each class, with a recording in each `.aedat` file.
enum EventFolders {
  /// Labelled paths of one part of the set.
  typealias Part = (paths: [String], labels: [Int])

  /// Reads what there is and checks each file's header and size.
  ///
  /// The split is fixed: of each class the recordings numbered 900 … 999 test, and the others train, each part in the
  /// order of the numbers.
  ///
  /// - Throws: ``DataError``: `missingInput` where a class has no recordings to train on or none to test, `badData` for
  ///   a name without a number, and as ``OpenRecording``.
  static func load(
    from folders: DataFolders, classNames: [String]
  ) throws(DataError) -> (train: Part, test: Part) {
    let folder = try find(in: folders, classNames: classNames)
    var train: Part = ([], [])
    var test: Part = ([], [])
    for (label, className) in classNames.enumerated() {
      let (path, names) = try recordings(in: "\(folder)/\(className)")
      for name in names {
        let file = "\(path)/\(name.text)"
        _ = try OpenRecording(file)
        if name.isTest {
          test.paths.append(file)
          test.labels.append(label)
        } else {
          train.paths.append(file)
          train.labels.append(label)
        }
      }
    }
    return (train, test)
  }

  /// The folder that has a folder for each class.
  static func find(
    in folders: DataFolders, classNames: [String]
  ) throws(DataError) -> String {
    try folders.folder(with: classNames, of: classNames)
  }

  /// The absolute path of a folder, so that what the cache knows about its files holds wherever the program is started,
  /// and its recordings in order.
  private static func recordings(
    in folder: String
  ) throws(DataError) -> (path: String, names: [RecordingName]) {
    func missing(_ problem: String, _ expected: String) -> DataError {
      DataError(.missingInput, path: folder, problem: problem, expected: expected)
    }
    let files: [String]
    let path: String
    do throws(SystemError) {
      files = try FolderNames.read(folder).filter { $0.hasSuffix(RecordingName.suffix) }
      guard let resolved = realpath(folder, nil) else { throw .last }
      defer { free(resolved) }
      path = String(cString: resolved)
    } catch {
      throw missing(error.text, "a folder of .aedat files")
    }
    guard !files.isEmpty else { throw missing("no .aedat files", "at least one recording") }
    var names: [RecordingName] = []
    for file in files {
      guard let name = RecordingName(file) else {
        throw DataError(
          .badData, path: "\(folder)/\(file)", problem: "no number in its name",
          expected: "a name such as cifar10_airplane_900.aedat; numbers 900 to 999 test")
      }
      names.append(name)
    }
    guard names.contains(where: { !$0.isTest }) else {
      throw missing("no recording to train on", "at least one with a number other than 900 to 999")
    }
    guard names.contains(where: \.isTest) else {
      throw missing("no recording to test", "at least one numbered 900 to 999")
    }
    return (path, names.sorted { $0.precedes($1) })
  }
}
