#include "enforcement/shim/new_filesystem.h"

#include <errno.h>
#include <string.h>

#include "enforcement/shim/mount_calls.h"

namespace reeve {
namespace {

constexpr size_t kMaxText = 4096;

int Configure(int context, unsigned command, const char* key,
              const char* value) {
  return syscall(SYS_fsconfig, context, command, key, value, 0) < 0 ? errno : 0;
}

// Ends the part that starts at `text` by NUL; returns where the next starts, or
// null.
char* CutAt(char* text, char separator) {
  while (*text != '\0' && *text != separator) ++text;
  if (*text == '\0') return nullptr;
  *text = '\0';
  return text + 1;
}

int SetOptions(int context, char* options) {
  while (options != nullptr) {
    char* const next = CutAt(options, ',');
    const char* const value = CutAt(options, '=');
    const int error = Configure(
        context, value == nullptr ? FSCONFIG_SET_FLAG : FSCONFIG_SET_STRING,
        options, value);
    if (error != 0) return error;
    options = next;
  }
  return 0;
}

int Make(int context, const char* type, char* options, uint32_t attributes,
         int* tree) {
  // What mountinfo shows as the source.
  int error = Configure(context, FSCONFIG_SET_STRING, "source", type);
  if (error == 0) error = SetOptions(context, options);
  if (error == 0) {
    error = Configure(context, FSCONFIG_CMD_CREATE, nullptr, nullptr);
  }
  if (error != 0) return error;
  *tree = static_cast<int>(
      syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, attributes));
  return *tree < 0 ? errno : 0;
}

}  // namespace

int NewFilesystem(const char* text, uint32_t attributes, int* tree) {
  char type[kMaxText];
  const size_t size = strlen(text) + 1;
  if (size > sizeof(type)) return E2BIG;
  memcpy(type, text, size);
  char* const options = CutAt(type, ',');
  const int context =
      static_cast<int>(syscall(SYS_fsopen, type, FSOPEN_CLOEXEC));
  if (context < 0) return errno;
  const int error = Make(context, type, options, attributes, tree);
  close(context);
  return error;
}

}  // namespace reeve
