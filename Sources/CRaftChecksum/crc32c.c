#include "CRaftChecksum.h"

#include <string.h>

#if defined(__x86_64__)
#include <nmmintrin.h>
#elif defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#endif

// The polynomial 0x1EDC6F41 with its bits mirrored.
#define MIRRORED_POLYNOMIAL 0x82F63B78u

// tables[k][b] advances the checksum of byte b over k further zero bytes.
static uint32_t tables[8][256];
static bool accelerated;

static uint64_t load64(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  return word;
}

uint32_t raft_crc32c_portable(uint32_t seed, const void *bytes, size_t count) {
  const uint8_t *next = bytes;
  uint32_t crc = ~seed;
  for (; count >= 8; next += 8, count -= 8) {
    uint64_t word = load64(next) ^ crc;
    crc = tables[7][word & 0xFF] ^ tables[6][(word >> 8) & 0xFF] ^
          tables[5][(word >> 16) & 0xFF] ^ tables[4][(word >> 24) & 0xFF] ^
          tables[3][(word >> 32) & 0xFF] ^ tables[2][(word >> 40) & 0xFF] ^
          tables[1][(word >> 48) & 0xFF] ^ tables[0][word >> 56];
  }
  for (; count > 0; next++, count--) {
    crc = tables[0][(crc ^ *next) & 0xFF] ^ (crc >> 8);
  }
  return ~crc;
}

#if defined(__x86_64__)

__attribute__((target("sse4.2")))
static uint32_t by_instruction(uint32_t seed, const void *bytes, size_t count) {
  const uint8_t *next = bytes;
  uint64_t crc = (uint32_t)~seed;
  for (; count >= 8; next += 8, count -= 8) {
    crc = _mm_crc32_u64(crc, load64(next));
  }
  for (; count > 0; next++, count--) {
    crc = _mm_crc32_u8((uint32_t)crc, *next);
  }
  return ~(uint32_t)crc;
}

static bool has_instruction(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("sse4.2");
}

#elif defined(__aarch64__)

__attribute__((target("crc")))
static uint32_t by_instruction(uint32_t seed, const void *bytes, size_t count) {
  const uint8_t *next = bytes;
  uint32_t crc = ~seed;
  for (; count >= 8; next += 8, count -= 8) {
    crc = __builtin_arm_crc32cd(crc, load64(next));
  }
  for (; count > 0; next++, count--) {
    crc = __builtin_arm_crc32cb(crc, *next);
  }
  return ~crc;
}

static bool has_instruction(void) {
#if defined(__linux__)
  const unsigned long crc32_capability = 1ul << 7;
  return (getauxval(AT_HWCAP) & crc32_capability) != 0;
#elif defined(__ARM_FEATURE_CRC32)
  return true;
#else
  return false;
#endif
}

#else

static uint32_t by_instruction(uint32_t seed, const void *bytes, size_t count) {
  return raft_crc32c_portable(seed, bytes, count);
}

static bool has_instruction(void) { return false; }

#endif

// Runs before main: nobody can ask for a checksum earlier, and afterwards nothing is written.
__attribute__((constructor)) static void prepare(void) {
  for (uint32_t byte = 0; byte < 256; byte++) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; bit++) {
      crc = (crc >> 1) ^ ((crc & 1) ? MIRRORED_POLYNOMIAL : 0);
    }
    tables[0][byte] = crc;
  }
  for (int zeros = 1; zeros < 8; zeros++) {
    for (uint32_t byte = 0; byte < 256; byte++) {
      uint32_t shorter = tables[zeros - 1][byte];
      tables[zeros][byte] = tables[0][shorter & 0xFF] ^ (shorter >> 8);
    }
  }
  accelerated = has_instruction();
}

uint32_t raft_crc32c(uint32_t seed, const void *bytes, size_t count) {
  return accelerated ? by_instruction(seed, bytes, count)
                     : raft_crc32c_portable(seed, bytes, count);
}

bool raft_crc32c_is_accelerated(void) { return accelerated; }
