#define _GNU_SOURCE
#include "CRaftEpoll.h"

#include <pthread.h>
#include <stddef.h>
#include <sys/socket.h>

static _Thread_local void *thread_mark;

int raft_accept(int listener) {
  return accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

void *raft_thread_mark(void) { return thread_mark; }

void raft_set_thread_mark(void *mark) { thread_mark = mark; }

void raft_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }
