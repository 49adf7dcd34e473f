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

#define TARGET __attribute__((target("sse4.2")))
#define STEP64(crc, word) ((uint32_t)_mm_crc32_u64((crc), (word)))
#define STEP8(crc, byte) _mm_crc32_u8((crc), (byte))

static bool has_instruction(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("sse4.2");
}

#elif defined(__aarch64__)

#define TARGET __attribute__((target("crc")))
#define STEP64(crc, word) __builtin_arm_crc32cd((crc), (word))
#define STEP8(crc, byte) __builtin_arm_crc32cb((crc), (byte))

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

#endif

#ifdef TARGET

// How many bytes each of three stripes has that are summed up side by side: one instruction takes
// three cycles until its result is there, but the processor begins one in each.
#define STRIPE 2048

// shifts[k][b] advances byte k of a checksum, which is b, over a stripe of zeros.
static uint32_t shifts[4][256];

static uint32_t past_a_stripe(uint32_t crc) {
  return shifts[0][crc & 0xFF] ^ shifts[1][(crc >> 8) & 0xFF] ^
         shifts[2][(crc >> 16) & 0xFF] ^ shifts[3][crc >> 24];
}

TARGET static uint32_t in_one_stripe(uint32_t crc, const uint8_t *next, size_t count) {
  for (; count >= 8; next += 8, count -= 8) crc = STEP64(crc, load64(next));
  for (; count > 0; next++, count--) crc = STEP8(crc, *next);
  return crc;
}

TARGET static uint32_t by_instruction(uint32_t seed, const void *bytes, size_t count) {
  const uint8_t *next = bytes;
  uint32_t crc = ~seed;
  for (; count >= 3 * STRIPE; next += 3 * STRIPE, count -= 3 * STRIPE) {
    uint32_t second = 0;
    uint32_t third = 0;
    for (size_t place = 0; place < STRIPE; place += 8) {
      crc = STEP64(crc, load64(next + place));
      second = STEP64(second, load64(next + STRIPE + place));
      third = STEP64(third, load64(next + 2 * STRIPE + place));
    }
    crc = past_a_stripe(past_a_stripe(crc) ^ second) ^ third;
  }
  return ~in_one_stripe(crc, next, count);
}

// A checksum is linear in its bits: what each of them becomes says what all of them become.
static void prepare_shifts(void) {
  static const uint8_t zeros[STRIPE];
  for (uint32_t bit = 0; bit < 32; bit++) {
    uint32_t shifted = in_one_stripe(1u << bit, zeros, STRIPE);
    for (uint32_t byte = 0; byte < 256; byte++) {
      if (byte & (1u << (bit & 7))) shifts[bit >> 3][byte] ^= shifted;
    }
  }
}

#else

static uint32_t by_instruction(uint32_t seed, const void *bytes, size_t count) {
  return raft_crc32c_portable(seed, bytes, count);
}

static void prepare_shifts(void) {}

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
  if (accelerated) prepare_shifts();
}

uint32_t raft_crc32c(uint32_t seed, const void *bytes, size_t count) {
  return accelerated ? by_instruction(seed, bytes, count)
                     : raft_crc32c_portable(seed, bytes, count);
}

bool raft_crc32c_is_accelerated(void) { return accelerated; }
