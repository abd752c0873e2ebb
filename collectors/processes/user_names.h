#ifndef REEVE_COLLECTORS_PROCESSES_USER_NAMES_H_
#define REEVE_COLLECTORS_PROCESSES_USER_NAMES_H_

#include <sys/types.h>

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"

namespace reeve {

// The names of users as the machine knows them, each looked up once in ten
// minutes: it may ask a server. Thread-compatible.
class UserNames {
 public:
  // The number as text if there is no such user, or nobody who could tell. What
  // is returned is valid until the next call. `now` is monotonic.
  const std::string& NameOf(uid_t uid, absl::Duration now);

 private:
  absl::flat_hash_map<uid_t, std::string> names_;
  absl::Duration looked_up_from_;
};

}  // namespace reeve

#endif  // REEVE_COLLECTORS_PROCESSES_USER_NAMES_H_
