#ifndef CRAFT_BENCH_H
#define CRAFT_BENCH_H

#include <stdint.h>

/// How often this process has asked for memory since it started, in all threads.
///
/// A program that links this library counts every call of malloc and its relatives on its way to
/// the C library.
uint64_t raft_allocation_count(void);

#endif
