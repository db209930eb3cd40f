import Glibc
import SpideEngine

/// One part of CIFAR10-DVS: recordings on the disk, made into frames when they are read.
///
/// Reading a sample cannot fail for its caller, a worker in the middle of a batch. So what can be told without reading
/// gigabytes is checked when the set is opened: every file's presence, header and size. What goes wrong
/// after that (a file that has vanished, a disk that fails, a file that is cut) leaves the sample without
/// events and is noted in ``ReadFailures``; whoever trains or evaluates looks there after each batch, and stops.
struct EventSet: SampleSource {
  let shape: LayerShape
  let classNames: [String]
  /// `T_F`.
  var frames: Int
  /// What becomes of the counts of events.
  let form: EventFrames
  /// Absolute paths.
  let paths: [String]
  /// One for each path.
  let labels: [Int]
  let preprocessing: Preprocessing
  let cache: FrameCache
  let failures: ReadFailures

  var count: Int { paths.count }

  func label(_ index: Int) -> Int { labels[index] }

  /// Writes sample `index` as `[T_F, 2, 48, 48]`, normalised: mean numbers of events per pixel of the camera, or the
  /// authors' pictures of them in 0 … 1.
  /// One crop and flip holds for all frames.
  func read(_ index: Int, augmentation seed: UInt64?, into buffer: inout [Float]) {
    precondition(
      buffer.count == frames * shape.count,
      "a buffer of \(buffer.count) for \(frames) frames of \(shape.count)")
    var values: [UInt32]
    do throws(DataError) {
      values = try EventSet.frames(of: paths[index], frames, form, shape: shape, cache: cache)
    } catch {
      failures.note(error)
      values = [UInt32](repeating: 0, count: buffer.count)
    }
    let sources = preprocessing.sources(in: shape, seed: seed)
    for plane in 0..<frames * shape.channels {
      let start = plane * shape.positions
      let mean = preprocessing.normalization.mean[plane % shape.channels]
      let std = preprocessing.normalization.std[plane % shape.channels]
      for position in 0..<shape.positions {
        let source = sources.map { $0[position] } ?? position
        let value = source < 0 ? 0 : Float(values[start + source]) / form.scale
        buffer[start + position] = (value - mean) / std
      }
    }
  }

  /// The frames of a recording times their ``EventFrames/scale``, `[frames, 2, 48, 48]`, from the cache or made and then
  /// kept.
  ///
  /// - Throws: ``DataError`` of kind `missingInput` or `badData`.
  static func frames(
    of path: String, _ frames: Int, _ form: EventFrames, shape: LayerShape, cache: FrameCache
  ) throws(DataError) -> [UInt32] {
    let recording = try OpenRecording(path)
    let count = frames * shape.count
    let key = FrameCache.Key(
      path: path, status: recording.status, frames: frames, count: count, form: form)
    if let kept = cache.read(key) { return kept }
    var values: [UInt32] = []
    values.reserveCapacity(count)
    try recording.forEachFrame(frames) { counts in
      switch form {
      case .counts: AreaShrink.append(counts, to: &values)
      case .authors: AuthorsPicture.append(counts, to: &values)
      }
    }
    cache.write(values, key)
    return values
  }
}

extension EventSet: Fingerprinted {
  func add(to print: inout Fingerprint) {
    for path in paths {
      var status = stat()
      print.add(String(path.split(separator: "/").suffix(2).joined(separator: "/")))
      print.add([stat(path, &status) == 0 ? Int(status.st_size) : -1])
    }
  }
}

extension EventFrames {
  /// What divides the whole numbers that frames are kept as.
  var scale: Float {
    switch self {
    case .counts: return AreaShrink.scale
    case .authors: return AuthorsPicture.scale
    }
  }
}
