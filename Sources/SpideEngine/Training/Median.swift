extension [Double] {
  /// The middle one of the sorted numbers; of an even number of them, the mean of the middle two.
  var median: Double {
    let sorted = sorted()
    let middle = count / 2
    return count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
