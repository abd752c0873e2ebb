#ifndef REEVE_ENFORCEMENT_SHIM_NEW_FILESYSTEM_H_
#define REEVE_ENFORCEMENT_SHIM_NEW_FILESYSTEM_H_

#include <stdint.h>

namespace reeve {

// Makes a file system of the namespaces of the caller, as a detached mount with
// MOUNT_ATTR_* `attributes`. `text` is "TYPE[,OPTION[=VALUE]]...", of less than
// 4096 bytes. Sets *tree to a descriptor; returns 0 or an errno value.
int NewFilesystem(const char* text, uint32_t attributes, int* tree);

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_SHIM_NEW_FILESYSTEM_H_
