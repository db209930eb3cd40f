import SpideEngine

public enum TraceFile {
  public static func write(session: Session, metadata: [String: String], to path: String)
    throws(DataError)
  {
    throw DataError(
      .cannotCreate, path: path, problem: "traces are not written yet", expected: "a later build")
  }
}
