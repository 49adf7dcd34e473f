#ifndef CRAFT_EPOLL_H
#define CRAFT_EPOLL_H

// What Linux offers for sockets and Swift's Glibc module leaves out.

#include <sys/epoll.h>
#include <sys/eventfd.h>

/// Accepts one connection as a nonblocking descriptor that child processes do not inherit.
/// Returns the descriptor, or -1 with errno set.
int raft_accept(int listener);

/// The mark that this thread was given, or NULL: tells a loop whether it runs on its own thread.
void *raft_thread_mark(void);

/// Gives this thread its mark.
void raft_set_thread_mark(void *mark);

/// Names the calling thread, with at most 15 characters.
void raft_name_thread(const char *name);

#endif
