#define _GNU_SOURCE
#include "raft_faults.h"

#include <dlfcn.h>
#include <sys/time.h>
#include <time.h>

// The wall clock, off by what the control file says. Monotonic clocks are left alone, and so are
// timers that the kernel keeps.

typedef int clock_gettime_function(clockid_t, struct timespec *);

static int read_clock(clockid_t clock, struct timespec *time) {
  static clock_gettime_function *original;
  if (original == NULL) original = (clock_gettime_function *)dlsym(RTLD_NEXT, "clock_gettime");
  return original(clock, time);
}

static void shift(struct timespec *time) {
  int64_t offset = raft_faults_word(RAFT_FAULTS_CLOCK_OFFSET);
  if (offset == 0) return;
  raft_faults_add(RAFT_FAULTS_SEEN_SHIFTED, 1);
  int64_t total = (int64_t)time->tv_sec * 1000000000 + time->tv_nsec + offset;
  if (total < 0) total = 0;
  time->tv_sec = total / 1000000000;
  time->tv_nsec = total % 1000000000;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  int result = read_clock(clock, time);
  if (result == 0
      && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI))
    shift(time);
  return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  (void)zone;
  struct timespec now;
  if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
  time->tv_sec = now.tv_sec;
  time->tv_usec = now.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *result) {
  struct timespec now;
  if (clock_gettime(CLOCK_REALTIME, &now) != 0) return (time_t)-1;
  if (result != NULL) *result = now.tv_sec;
  return now.tv_sec;
}

int timespec_get(struct timespec *time, int base) {
  if (base != TIME_UTC) return 0;
  return clock_gettime(CLOCK_REALTIME, time) == 0 ? base : 0;
}
