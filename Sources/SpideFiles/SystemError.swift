import Glibc

/// The error number of a system call.
package struct SystemError: Error {
  package let code: Int32

  package init(code: Int32) { self.code = code }

  /// A pipe, a device or a socket where a file was wanted: opening it was no error of the system's.
  package static let notRegular = SystemError(code: 0)

  /// The current `errno`; to be made right after the call that failed.
  package static var last: SystemError { SystemError(code: errno) }

  /// The system's words, such as `No space left on device`.
  package var text: String { code == 0 ? "it is no regular file" : String(cString: strerror(code)) }
}
