/// The program, whatever its face.
public enum Program {
  /// Its version, as checkpoints have it.
  public static let version = "0.1.0"
}
