#define _GNU_SOURCE
#include "raft_faults.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

// Connections to some ports of this machine go to others, behind which somebody passes bytes on,
// or does not.

typedef int connect_function(int, const struct sockaddr *, socklen_t);

int connect(int descriptor, const struct sockaddr *address, socklen_t length) {
  static connect_function *original;
  if (original == NULL) original = (connect_function *)dlsym(RTLD_NEXT, "connect");
  int64_t count = raft_faults_word(RAFT_FAULTS_REDIRECTIONS);
  if (count == 0 || address->sa_family != AF_INET || length < sizeof(struct sockaddr_in))
    return original(descriptor, address, length);
  struct sockaddr_in other;
  memcpy(&other, address, sizeof(other));
  for (int64_t pair = 0; pair < count; pair++) {
    enum raft_faults_word place = RAFT_FAULTS_FIRST_REDIRECTION + 2 * pair;
    if (place + 1 >= RAFT_FAULTS_WORDS) break;
    if (raft_faults_word(place) != ntohs(other.sin_port)) continue;
    other.sin_port = htons((uint16_t)raft_faults_word(place + 1));
    return original(descriptor, (const struct sockaddr *)&other, sizeof(other));
  }
  return original(descriptor, address, length);
}
