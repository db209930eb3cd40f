import Foundation
import SpideConfiguration
import SpideData
import SpideEngine
import SpideExperiment

/// What is looked up for menus and completions, aside from the thread that reads keys.
extension Outside {
  /// More names of a folder are not offered.
  private static let mostNames = 10_000

  /// The presets for the menu, those of `files` last: which of them cannot be opened, or have no data.
  func presets(files: [String]) -> [PresetChoice] {
    let library = PresetLibrary()
    let entries = library.list()
    var choices: [PresetChoice] = []
    var hasData: [String: Bool] = [:]
    func add(_ name: String, _ argument: String, _ preset: Result<Preset, LibraryError>) {
      switch preset {
      case .success(let preset):
        let mark = preset.data.set.map { set in
          let isThere = hasData[set.name] ?? isThere(set)
          hasData[set.name] = isThere
          return isThere ? "" : "no data"
        }
        choices.append(
          PresetChoice(
            name: name, summary: preset.summary, isUsable: true, argument: argument,
            mark: mark ?? "for traces"))
      case .failure(let error):
        choices.append(
          PresetChoice(
            name: name, summary: error.description, isUsable: false, argument: argument,
            mark: "broken"))
      }
    }
    for entry in entries { add(entry.name, entry.name, entry.item) }
    let known = Set(
      entries.compactMap { entry in
        if case .file(let path) = entry.origin { Outside.resolved(path) } else { nil }
      })
    for file in files where !known.contains(Outside.resolved(file)) {
      do throws(LibraryError) {
        let preset = try library.find(file)
        add(preset.name, file, .success(preset))
      } catch {
        add(file, file, .failure(error))
      }
    }
    return choices
  }

  /// Whether the files of a data set lie where they are looked for. Nothing of them is read.
  private func isThere(_ set: DataSet) -> Bool {
    do throws(DataError) {
      try set.checkFiles(
        directory: dataDirectory, environment: ProcessInfo.processInfo.environment)
      return true
    } catch {
      return false
    }
  }

  private static func resolved(_ path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().path
  }

  /// What lies in a folder, by name.
  static func listing(_ folder: String) -> FolderListing {
    let manager = FileManager.default
    let names = ((try? manager.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    return FolderListing(
      folder: folder,
      entries: names.prefix(mostNames).map { name in
        var isFolder: ObjCBool = false
        _ = manager.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder)
        return FolderListing.Entry(name, isFolder: isFolder.boolValue)
      })
  }

  /// A folder for data sets, if there is one of that name.
  static func dataFolder(_ folder: String) -> Result<String, Failure> {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) else {
      return .failure(Failure("\(folder): no such folder; expected one that holds data sets"))
    }
    guard isFolder.boolValue else {
      return .failure(Failure("\(folder): is no folder; expected one that holds data sets"))
    }
    return .success(folder)
  }
}
