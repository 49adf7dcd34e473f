#define _GNU_SOURCE
#include "raft_faults.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

// The control file, as both sides see it; without one, nothing is changed.

static _Atomic int64_t *words;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void map_control(void) {
  const char *path = getenv("RAFT_FAULTS_CONTROL");
  if (path == NULL) return;
  int file = open(path, O_RDWR | O_CLOEXEC);
  if (file < 0) return;
  void *start = mmap(
    NULL, RAFT_FAULTS_WORDS * sizeof(int64_t), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (start != MAP_FAILED) words = start;
}

int64_t raft_faults_word(enum raft_faults_word word) {
  pthread_once(&once, map_control);
  if (words == NULL) return word == RAFT_FAULTS_FREE_BYTES ? -1 : 0;
  return atomic_load(&words[word]);
}

void raft_faults_set(enum raft_faults_word word, int64_t value) {
  pthread_once(&once, map_control);
  if (words != NULL) atomic_store(&words[word], value);
}

void raft_faults_add(enum raft_faults_word word, int64_t value) {
  pthread_once(&once, map_control);
  if (words != NULL) atomic_fetch_add(&words[word], value);
}
