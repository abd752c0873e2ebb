#ifndef REEVE_ENFORCEMENT_LAUNCH_PASSWD_FILE_H_
#define REEVE_ENFORCEMENT_LAUNCH_PASSWD_FILE_H_

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "enforcement/launch/launch_request.h"

namespace reeve {

// A line of passwd(5): NAME:PASSWORD:UID:GID:COMMENT:HOME:SHELL.
struct PasswdEntry {
  std::string name;
  uid_t uid = 0;
  gid_t gid = 0;
  // "/" where the line has no absolute path.
  std::string home;
};

// A line of group(5): NAME:PASSWORD:GID:MEMBER,MEMBER.
struct GroupEntry {
  std::string name;
  gid_t gid = 0;
  std::vector<std::string> members;
};

// Lines without a name or with ids that the kernel does not take are left out;
// whatever follows the ids may be missing.
std::vector<PasswdEntry> ParsePasswd(absl::string_view contents);
std::vector<GroupEntry> ParseGroup(absl::string_view contents);

// Who `user` is, by these lines, in the forms of LookUpUser(). The first line
// of a name or an id counts. The groups are the primary one and those that list
// the user, each once. Ids without an entry are fine: such a user has no name
// and no further group, and its home is "/". kInvalidArgument for another form
// and for more groups than the kernel takes, kNotFound names an unknown user or
// group.
absl::StatusOr<Credentials> ResolveUser(const std::string& user,
                                        const std::vector<PasswdEntry>& passwd,
                                        const std::vector<GroupEntry>& group);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_LAUNCH_PASSWD_FILE_H_
