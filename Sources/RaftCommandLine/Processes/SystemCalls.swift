import Glibc

/// The system's words for an error number.
package func systemMessage(_ code: Int32) -> String {
  String(cString: strerror(code))
}

/// Runs the body on a thread of its own, with all signals left to other threads.
///
/// For what must wait in the system: the cooperative pool has a thread per core and no more.
package func startThread(_ body: @escaping @Sendable () -> Void) throws(Failure) {
  final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  let work = Unmanaged.passRetained(Work(body))
  var everything = sigset_t()
  var before = sigset_t()
  sigfillset(&everything)
  pthread_sigmask(SIG_SETMASK, &everything, &before)
  var thread = pthread_t()
  let code = pthread_create(
    &thread, nil,
    { argument in
      guard let argument else { return nil }
      Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
      return nil
    }, work.toOpaque())
  pthread_sigmask(SIG_SETMASK, &before, nil)
  guard code == 0 else {
    work.release()
    throw Failure(.failed, "the system has no thread to give: \(systemMessage(code))")
  }
  pthread_detach(thread)
}

/// Has the system kill this process when the one that started it ends; call it on the main
/// thread, to which the wish belongs.
///
/// - Throws: ``Failure`` if the parent is another process, as when it has ended already.
package func endWithParent(_ parent: Int32) throws(Failure) {
  typealias Call = @convention(c) (Int32, UInt, UInt, UInt, UInt) -> Int32
  let killOnParentDeath: Int32 = 1
  // Swift does not see functions with a variable number of arguments.
  guard let symbol = dlsym(nil, "prctl"),
    unsafeBitCast(symbol, to: Call.self)(killOnParentDeath, UInt(SIGKILL), 0, 0, 0) == 0
  else {
    throw Failure(.failed, "the system refuses to watch over process \(parent)")
  }
  guard getppid() == parent else {
    throw Failure(.failed, "process \(parent), which --parent names, did not start this one")
  }
}
