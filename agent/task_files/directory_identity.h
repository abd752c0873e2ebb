#ifndef REEVE_AGENT_TASK_FILES_DIRECTORY_IDENTITY_H_
#define REEVE_AGENT_TASK_FILES_DIRECTORY_IDENTITY_H_

#include <string>

namespace reeve {

// Whether two paths lead to one directory now, however they are spelled: by a
// symbolic link, with "/./" in them, over another mount. Also if they are the
// same text, whatever is there. Thread-safe.
bool IsSameDirectory(const std::string& a, const std::string& b);

// Whether nothing is there, which is not said of what cannot be looked at.
// Thread-safe.
bool IsGone(const std::string& path);

}  // namespace reeve

#endif  // REEVE_AGENT_TASK_FILES_DIRECTORY_IDENTITY_H_
