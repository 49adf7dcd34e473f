#include "CRaftSanitizer.h"

// The sanitizer asks before it is ready, so this must not be instrumented.
__attribute__((no_sanitize("thread")))
const char *__tsan_default_suppressions(void) {
  return "race:withUnsafeContinuation9isolation\n";
}
