import Glibc
import SpideEngine

/// CIFAR10-DVS as published: a folder for each class, with a recording in each `.aedat` file.
enum EventFolders {
  /// Reads what there is and checks each file's header and size.
  ///
  /// The split is fixed: of each class, in the order of the bytes of the file names (so `_10` comes before `_2`), the
  /// first nine tenths train, rounded down, and the others test.
  ///
  /// - Throws: ``DataError``: `missingInput` where a class has fewer than two recordings, and as ``OpenRecording``.
  static func load(
    from folders: DataFolders, frames: Int, train: Preprocessing, test: Preprocessing,
    cache: FrameCache, failures: ReadFailures
  ) throws(DataError) -> (train: EventSet, test: EventSet) {
    let classNames = folders.source.publishedClassNames
    let folder = try find(in: folders)
    var parts = [(paths: [String], labels: [Int])](repeating: ([], []), count: 2)
    for (label, className) in classNames.enumerated() {
      let paths = try recordings(in: "\(folder)/\(className)")
      for (index, path) in paths.enumerated() {
        _ = try OpenRecording(path)
        let part = index < paths.count * 9 / 10 ? 0 : 1
        parts[part].paths.append(path)
        parts[part].labels.append(label)
      }
    }
    let sets = zip(parts, [train, test]).map { part, preprocessing in
      EventSet(
        classNames: classNames, frames: frames, paths: part.paths, labels: part.labels,
        preprocessing: preprocessing, cache: cache, failures: failures)
    }
    return (sets[0], sets[1])
  }

  /// The folder that has a folder for each class.
  static func find(in folders: DataFolders) throws(DataError) -> String {
    let classNames = folders.source.publishedClassNames
    return try folders.folder(with: classNames, of: classNames)
  }

  /// Absolute paths, so that what the cache knows about them holds wherever the program is started.
  private static func recordings(in folder: String) throws(DataError) -> [String] {
    func missing(_ problem: String) -> DataError {
      DataError(
        .missingInput, path: folder, problem: problem,
        expected: "a folder with at least two .aedat files, one to train on and one to test")
    }
    let names: [String]
    let path: String
    do throws(SystemError) {
      names = try FolderNames.read(folder).filter { $0.hasSuffix(".aedat") }
      guard let resolved = realpath(folder, nil) else { throw .last }
      defer { free(resolved) }
      path = String(cString: resolved)
    } catch {
      throw missing(error.text)
    }
    guard names.count >= 2 else { throw missing("\(names.count) .aedat files") }
    return names.map { "\(path)/\($0)" }
  }
}
