import SpideFiles

/// Does what system calls do, and says which file a failed one was about.
///
/// - Throws: ``DataError`` of kind `missingInput` with the system's reason.
func attempt<Result: ~Copyable>(
  _ path: String, expected: String, _ body: () throws(SystemError) -> Result
) throws(DataError) -> Result {
  do throws(SystemError) {
    return try body()
  } catch {
    throw DataError(.missingInput, path: path, problem: error.text, expected: expected)
  }
}
