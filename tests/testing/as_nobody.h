#ifndef REEVE_TESTS_TESTING_AS_NOBODY_H_
#define REEVE_TESTS_TESTING_AS_NOBODY_H_

#include <unistd.h>

#include "gtest/gtest.h"

namespace reeve {

// For the life of the object this process is an ordinary user in all that it
// does with files. Only root can be; skip the test otherwise.
//
//   if (geteuid() != 0) GTEST_SKIP() << "only root can become another user";
//   const AsNobody as_nobody;
class AsNobody {
 public:
  static constexpr uid_t kUid = 65534;

  AsNobody() { EXPECT_EQ(seteuid(kUid), 0); }
  ~AsNobody() { EXPECT_EQ(seteuid(0), 0); }
  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;
};

}  // namespace reeve

#endif  // REEVE_TESTS_TESTING_AS_NOBODY_H_
