// RocksDB's C API, which the system provides.
#pragma once

#if __has_include(<rocksdb/c.h>)
#include <rocksdb/c.h>
#else
#error "The trait RocksDB needs RocksDB's C library, which is not installed: on Debian and Ubuntu 'apt-get install librocksdb-dev', with Homebrew 'brew install rocksdb'; or build without --traits RocksDB."
#endif
