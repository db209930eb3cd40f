internal import CTerminal

/// What holds for the whole process, whether or not there is a screen.
public enum ProcessStart {
  /// To be called before any file is opened.
  ///
  /// Standard input, output and error are open from here on: no file gets their numbers, and writing to one that was
  /// closed fails. Writing to a pipe that nobody reads fails too, instead of ending the process.
  public static func prepare() { sct_prepare_process() }

  /// Ends the process as a pipe that nobody reads ends others. Returns where SIGPIPE was ignored from the start.
  public static func endByClosedPipe() { sct_end_by_closed_pipe() }
}
