import CEmbedded

/// The YAML files compiled into the program.
enum BuiltIn {
  /// Names and bytes of the files of a folder, `presets` or `screens`, in the order of lists.
  static func files(in folder: String) -> [(name: String, bytes: [UInt8])] {
    let table = UnsafeBufferPointer(start: cembedded_files(), count: cembedded_file_count())
    return table.filter { String(cString: $0.folder) == folder }.map { file in
      let bytes = UnsafeBufferPointer(start: file.bytes, count: file.size)
      return (String(cString: file.name), Array(bytes))
    }
  }
}
