import SpideEngine

extension DataSource {
  /// Names of the classes, by label, as the publishers give them.
  var publishedClassNames: [String] {
    switch self {
    case .digits, .mnist: return (0...9).map(String.init)
    case .fashionMNIST:
      return [
        "T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag",
        "ankle boot",
      ]
    case .cifar10, .cifar10DVS:
      return [
        "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
      ]
    case .cifar100:
      return """
        apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can \
        castle caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin \
        elephant flatfish forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard \
        lobster man maple_tree motorcycle mountain mouse mushroom oak_tree orange orchid otter palm_tree pear \
        pickup_truck pine_tree plain plate poppy porcupine possum rabbit raccoon ray road rocket rose sea seal \
        shark shrew skunk skyscraper snail snake spider squirrel streetcar sunflower sweet_pepper table tank \
        telephone television tiger tractor train trout tulip turtle wardrobe whale willow_tree wolf woman worm
        """.split(separator: " ").map(String.init)
    }
  }
}

/// A file with the name of a class on each line.
enum ClassNamesFile {
  /// The names, as many as there should be; empty lines at the end do not count.
  ///
  /// - Throws: ``DataError``; names that are empty, long or would not print are `badData`.
  static func read(_ path: String, count: Int) throws(DataError) -> [String] {
    let expected = "\(count) lines with a name each"
    let bytes = try FileBytes.read(path, expected: expected, largest: 1 << 16)
    func wrong(_ problem: String) -> DataError {
      DataError(.badData, path: path, problem: problem, expected: expected)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw wrong("it is no text") }
    var names = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    while names.last?.isEmpty == true { names.removeLast() }
    guard names.count == count else { throw wrong("\(names.count) lines") }
    for (index, name) in names.enumerated() {
      guard !name.isEmpty, name.count <= 64, String(name).printable() == name else {
        throw wrong("line \(index + 1) is \"\(String(name).printable(limit: 64))\"")
      }
    }
    return names.map(String.init)
  }
}
