import SpideEngine

/// The records of CIFAR batches: one or two labels of a byte each, then an image of 3×32×32 bytes, channels first.
///
/// CIFAR-10 has one label; CIFAR-100 a coarse one, which is not used, and the fine one.
package struct CIFARRecords {
  private let shape: LayerShape
  /// What each label byte stays below; the last is the class.
  private let labelBounds: [Int]
  private var pixels: [UInt8] = []
  private var labels: [UInt8] = []

  /// No records yet of images of a shape; each of a record's label bytes stays below its bound.
  package init(shape: LayerShape, labelBounds: [Int]) {
    self.shape = shape
    self.labelBounds = labelBounds
  }

  /// Bytes of one record.
  private var size: Int { labelBounds.count + shape.count }

  /// Makes room for `count` records, so that a large set is never in memory twice.
  package mutating func reserve(_ count: Int) {
    pixels.reserveCapacity(count * shape.count)
    labels.reserveCapacity(count)
  }

  /// Adds the records of one batch; `name` is its file, for error messages.
  ///
  /// - Throws: ``DataError`` of kind `badData` for an empty batch, a part of a record, and a label out of range.
  package mutating func append(_ batch: [UInt8], name: String) throws(DataError) {
    try check(batch.count, name)
    try append(batch, name, first: 0)
  }

  /// Adds the records of a batch in a file, some at a time, after a look at the file's size.
  ///
  /// - Throws: ``DataError`` as ``append(_:name:)``, and where the file cannot be read.
  mutating func append(_ file: ByteReader) throws(DataError) {
    if let count = file.left {
      try check(count, file.path)
      try MachineMemory.here.require(pixels.count + count, for: "reading it", of: file.path)
    }
    let portion = 1024 * size
    var bytes = 0
    while true {
      let part = try file.read(upTo: portion)
      bytes += part.count
      if part.count < portion { try check(bytes, file.path) }
      try append(part, file.path, first: (bytes - part.count) / size)
      if part.count < portion { return }
    }
  }

  /// Refuses a file of so many bytes that is not of whole records.
  private func check(_ bytes: Int, _ name: String) throws(DataError) {
    guard bytes > 0, bytes % size == 0 else {
      throw DataError(
        .badData, path: name, problem: bytes == 0 ? "no records" : "\(bytes) bytes",
        expected: "records of \(size) bytes, at least one")
    }
  }

  /// Adds whole records, of which the first has that number in its file.
  private mutating func append(_ batch: [UInt8], _ name: String, first: Int) throws(DataError) {
    for start in stride(from: 0, to: batch.count, by: size) {
      let image = start + labelBounds.count
      for (label, bound) in zip(batch[start..<image], labelBounds) where label >= bound {
        throw DataError(
          .badData, path: name, problem: "label \(label) in record \(first + start / size)",
          expected: "0 to \(bound - 1)")
      }
      labels.append(batch[image - 1])
      pixels.append(contentsOf: batch[image..<start + size])
    }
  }

  /// All of them.
  package func images(classNames: [String]) -> LabelledImages {
    LabelledImages(shape: shape, classNames: classNames, pixels: pixels, labels: labels)
  }
}
