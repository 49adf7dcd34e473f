#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// CRC-32C (Castagnoli, RFC 3720) of bytes that follow others whose checksum is `seed`.
///
/// 0 is the checksum of nothing, so `raft_crc32c(raft_crc32c(0, a), b)` is the checksum of a and b
/// together. Uses the processor's instruction where there is one. Safe on any thread.
uint32_t raft_crc32c(uint32_t seed, const void *_Nullable bytes, size_t count);

/// The same by tables, eight bytes at a step: for processors without the instruction.
uint32_t raft_crc32c_portable(uint32_t seed, const void *_Nullable bytes, size_t count);

/// Whether this processor has the instruction that `raft_crc32c` then uses.
bool raft_crc32c_is_accelerated(void);
