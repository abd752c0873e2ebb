#include "agent/api/wake_event.h"

#include <sys/eventfd.h>

namespace reeve {

WakeEvent::WakeEvent() : event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void WakeEvent::Notify() { eventfd_write(event_.get(), 1); }

void WakeEvent::Clear() {
  eventfd_t ignored;
  eventfd_read(event_.get(), &ignored);
}

}  // namespace reeve
