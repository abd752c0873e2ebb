#include "agent/api/limit_update_convert.h"

namespace reeve {

v1::MemoryDecrease ToProto(const MemoryDecrease& decrease) {
  v1::MemoryDecrease message;
  message.set_usage_before_bytes(decrease.usage_before_bytes);
  message.set_usage_after_bytes(decrease.usage_after_bytes);
  message.set_reclaimed_bytes(decrease.reclaimed_bytes);
  message.set_oom_kills(decrease.oom_kills);
  return message;
}

}  // namespace reeve
