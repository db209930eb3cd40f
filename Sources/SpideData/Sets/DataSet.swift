import SpideEngine

/// A published data set: what its samples look like, what its classes are called, and who reads its files.
///
/// A data set is a value in the file of its reader, and a line in ``all``.
public struct DataSet: Sendable {
  /// Its name, its samples' shape and the number of its classes.
  public let form: SampleForm
  /// Names of the classes, by label, as the publishers give them.
  let classNames: [String]
  /// The folder into which the published archive unpacks; nil where there is none.
  let archiveFolder: String?
  /// Whether its samples come with the program, so that no files are looked for.
  public let isEmbedded: Bool
  /// Reads it.
  let load: @Sendable (DataSet, Request) throws(DataError) -> DataSplit
  /// Looks whether its files are there, by their names alone.
  let find: @Sendable (DataSet, DataFolders) throws(DataError) -> Void

  /// How samples are wanted.
  struct Request {
    let folders: DataFolders
    /// `T_F`: frames of each sample of a set that varies in time.
    let forwardSteps: Int
    let normalization: Normalization?
    let augmentation: Augmentation?
    /// What becomes of the events of a set that has them.
    let frames: EventFrames
    /// The process's environment.
    let environment: [String: String]
  }

  init(
    _ form: SampleForm, classNames: [String], archiveFolder: String? = nil,
    isEmbedded: Bool = false,
    find: @escaping @Sendable (DataSet, DataFolders) throws(DataError) -> Void = { _, _ in },
    load: @escaping @Sendable (DataSet, Request) throws(DataError) -> DataSplit
  ) {
    self.form = form
    self.classNames = classNames
    self.archiveFolder = archiveFolder
    self.isEmbedded = isEmbedded
    self.find = find
    self.load = load
  }

  /// Every set, in the order of lists.
  public static let all: [DataSet] = [
    .digits, .mnist, .fashionMNIST, .cifar10, .cifar100, .cifar10DVS,
  ]

  /// What a preset may name.
  public static var forms: [SampleForm] { all.map(\.form) }

  /// The set of that name; nil where there is none.
  public static func named(_ name: String) -> DataSet? { all.first { $0.name == name } }

  /// What presets call it.
  public var name: String { form.name }
  /// Shape of one frame.
  public var shape: LayerShape { form.shape }
  /// Classes in the set.
  public var classes: Int { form.classes }
}

extension DataSet {
  /// Loads it: digits from the program itself, the others from ``DataFolders``.
  ///
  /// - Parameters:
  ///   - forwardSteps: `T_F`: the frames of each sample of a set that varies in time.
  ///   - frames: What becomes of the events of such a set.
  ///   - directory: What `--data` says.
  ///   - environment: The process's (`SPIDE_DATA`, `XDG_DATA_HOME`, `XDG_CACHE_HOME`, `HOME`).
  /// - Throws: ``DataError``: `missingInput` with the names expected and every folder looked in, `badData` where a file is
  ///   not what it should be or the settings do not fit the set.
  public func load(
    forwardSteps: Int, normalization: Normalization? = nil, augmentation: Augmentation? = nil,
    frames: EventFrames = .counts, directory: String? = nil, environment: [String: String]
  ) throws(DataError) -> DataSplit {
    precondition(forwardSteps >= 1, "\(forwardSteps) steps")
    return try load(
      self,
      Request(
        folders: DataFolders(of: self, directory: directory, environment: environment),
        forwardSteps: forwardSteps, normalization: normalization, augmentation: augmentation,
        frames: frames, environment: environment))
  }

  /// Looks whether its files lie where ``load(forwardSteps:normalization:augmentation:frames:directory:environment:)``
  /// reads them, by their names alone.
  ///
  /// - Throws: the ``DataError`` of kind `missingInput` that loading would throw.
  public func checkFiles(
    directory: String? = nil, environment: [String: String]
  ) throws(DataError) {
    try find(self, DataFolders(of: self, directory: directory, environment: environment))
  }
}

extension DataSet: Hashable {
  /// Sets are told apart by their names.
  public static func == (one: DataSet, other: DataSet) -> Bool { one.name == other.name }

  /// Of the name.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
