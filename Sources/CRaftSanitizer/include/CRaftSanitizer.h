#ifndef CRAFT_SANITIZER_H
#define CRAFT_SANITIZER_H

/// What the thread sanitizer is not to report; it asks for this by name when a program starts.
///
/// When a continuation is resumed before its task has stopped to wait, the two meet inside Swift's
/// runtime, which is not built with the sanitizer. It then takes the handing over of the result for
/// a race, in correct programs of a dozen lines as well. Nothing else is kept from it.
const char *__tsan_default_suppressions(void);

#endif
