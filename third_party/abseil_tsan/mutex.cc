// Tells the thread sanitizer about Abseil's locks. Debian's Abseil was built
// without the sanitizer, which therefore sees neither the locks nor the order
// that they bring, and takes every guarded field for a data race. The linker's
// --wrap option puts the functions below in the place of Abseil's.
#include "absl/synchronization/mutex.h"

#include "absl/synchronization/notification.h"
#include "absl/time/time.h"

extern "C" {

void __tsan_acquire(void* address);
void __tsan_release(void* address);
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);

}  // extern "C"

namespace {

// Abseil evaluates the conditions of waiters, which may be functions of ours,
// with the lock held but between what the sanitizer is told.
class IgnoreReads {
 public:
  IgnoreReads() { AnnotateIgnoreReadsBegin(__FILE__, __LINE__); }
  ~IgnoreReads() { AnnotateIgnoreReadsEnd(__FILE__, __LINE__); }
  IgnoreReads(const IgnoreReads&) = delete;
  IgnoreReads& operator=(const IgnoreReads&) = delete;
};

// Calls `real` in a place where the calling thread may give up `mutex`, take
// it, or both.
template <typename Real, typename... Arguments>
auto ReleaseAndAcquire(absl::Mutex* mutex, Real real,
                       Arguments&&... arguments) {
  __tsan_release(mutex);
  struct AcquireAtEnd {
    ~AcquireAtEnd() { __tsan_acquire(mutex); }
    absl::Mutex* mutex;
  } const acquire{mutex};
  const IgnoreReads ignore;
  return real(arguments...);
}

}  // namespace

// The name of the function that takes the place of `symbol` (mangled, without
// its leading _Z), and Abseil's own.
#define REEVE_WRAP(symbol) __wrap__Z##symbol
#define REEVE_REAL(symbol) __real__Z##symbol

#define REEVE_WRAP_LOCK(symbol)                     \
  extern "C" void REEVE_REAL(symbol)(absl::Mutex*); \
  extern "C" void REEVE_WRAP(symbol)(absl::Mutex*); \
  void REEVE_WRAP(symbol)(absl::Mutex * mutex) {    \
    {                                               \
      const IgnoreReads ignore;                     \
      REEVE_REAL(symbol)(mutex);                    \
    }                                               \
    __tsan_acquire(mutex);                          \
  }

#define REEVE_WRAP_TRY_LOCK(symbol)                 \
  extern "C" bool REEVE_REAL(symbol)(absl::Mutex*); \
  extern "C" bool REEVE_WRAP(symbol)(absl::Mutex*); \
  bool REEVE_WRAP(symbol)(absl::Mutex * mutex) {    \
    const bool locked = REEVE_REAL(symbol)(mutex);  \
    if (locked) __tsan_acquire(mutex);              \
    return locked;                                  \
  }

#define REEVE_WRAP_UNLOCK(symbol)                   \
  extern "C" void REEVE_REAL(symbol)(absl::Mutex*); \
  extern "C" void REEVE_WRAP(symbol)(absl::Mutex*); \
  void REEVE_WRAP(symbol)(absl::Mutex * mutex) {    \
    __tsan_release(mutex);                          \
    const IgnoreReads ignore;                       \
    REEVE_REAL(symbol)(mutex);                      \
  }

// Functions of Mutex that wait for a condition.
#define REEVE_WRAP_WHEN(symbol)                                               \
  extern "C" void REEVE_REAL(symbol)(absl::Mutex*, const absl::Condition&);   \
  extern "C" void REEVE_WRAP(symbol)(absl::Mutex*, const absl::Condition&);   \
  void REEVE_WRAP(symbol)(absl::Mutex * mutex, const absl::Condition& when) { \
    ReleaseAndAcquire(mutex, REEVE_REAL(symbol), mutex, when);                \
  }

#define REEVE_WRAP_WHEN_UNTIL(symbol, Limit)                                 \
  extern "C" bool REEVE_REAL(symbol)(absl::Mutex*, const absl::Condition&,   \
                                     Limit);                                 \
  extern "C" bool REEVE_WRAP(symbol)(absl::Mutex*, const absl::Condition&,   \
                                     Limit);                                 \
  bool REEVE_WRAP(symbol)(absl::Mutex * mutex, const absl::Condition& when,  \
                          Limit limit) {                                     \
    return ReleaseAndAcquire(mutex, REEVE_REAL(symbol), mutex, when, limit); \
  }

// Functions of CondVar.
#define REEVE_WRAP_WAIT(symbol)                                             \
  extern "C" void REEVE_REAL(symbol)(absl::CondVar*, absl::Mutex*);         \
  extern "C" void REEVE_WRAP(symbol)(absl::CondVar*, absl::Mutex*);         \
  void REEVE_WRAP(symbol)(absl::CondVar * condition, absl::Mutex * mutex) { \
    ReleaseAndAcquire(mutex, REEVE_REAL(symbol), condition, mutex);         \
  }

#define REEVE_WRAP_WAIT_UNTIL(symbol, Limit)                               \
  extern "C" bool REEVE_REAL(symbol)(absl::CondVar*, absl::Mutex*, Limit); \
  extern "C" bool REEVE_WRAP(symbol)(absl::CondVar*, absl::Mutex*, Limit); \
  bool REEVE_WRAP(symbol)(absl::CondVar * condition, absl::Mutex * mutex,  \
                          Limit limit) {                                   \
    return ReleaseAndAcquire(mutex, REEVE_REAL(symbol), condition, mutex,  \
                             limit);                                       \
  }

REEVE_WRAP_LOCK(N4absl7debian35Mutex4LockEv)
REEVE_WRAP_LOCK(N4absl7debian35Mutex10ReaderLockEv)
REEVE_WRAP_TRY_LOCK(N4absl7debian35Mutex7TryLockEv)
REEVE_WRAP_TRY_LOCK(N4absl7debian35Mutex13ReaderTryLockEv)
REEVE_WRAP_UNLOCK(N4absl7debian35Mutex6UnlockEv)
REEVE_WRAP_UNLOCK(N4absl7debian35Mutex12ReaderUnlockEv)
REEVE_WRAP_WHEN(N4absl7debian35Mutex5AwaitERKNS0_9ConditionE)
REEVE_WRAP_WHEN(N4absl7debian35Mutex8LockWhenERKNS0_9ConditionE)
REEVE_WRAP_WHEN_UNTIL(
    N4absl7debian35Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE,
    absl::Duration)
REEVE_WRAP_WHEN_UNTIL(
    N4absl7debian35Mutex17AwaitWithDeadlineERKNS0_9ConditionENS0_4TimeE,
    absl::Time)
REEVE_WRAP_WHEN_UNTIL(
    N4absl7debian35Mutex19LockWhenWithTimeoutERKNS0_9ConditionENS0_8DurationE,
    absl::Duration)
REEVE_WRAP_WHEN_UNTIL(
    N4absl7debian35Mutex20LockWhenWithDeadlineERKNS0_9ConditionENS0_4TimeE,
    absl::Time)
REEVE_WRAP_WAIT(N4absl7debian37CondVar4WaitEPNS0_5MutexE)
REEVE_WRAP_WAIT_UNTIL(
    N4absl7debian37CondVar15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE,
    absl::Duration)
REEVE_WRAP_WAIT_UNTIL(
    N4absl7debian37CondVar16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE, absl::Time)

extern "C" void REEVE_REAL(N4absl7debian312Notification6NotifyEv)(
    absl::Notification*);
extern "C" void REEVE_WRAP(N4absl7debian312Notification6NotifyEv)(
    absl::Notification*);
void REEVE_WRAP(N4absl7debian312Notification6NotifyEv)(
    absl::Notification* notification) {
  __tsan_release(notification);
  REEVE_REAL(N4absl7debian312Notification6NotifyEv)(notification);
}

extern "C" void REEVE_REAL(
    NK4absl7debian312Notification19WaitForNotificationEv)(absl::Notification*);
extern "C" void REEVE_WRAP(
    NK4absl7debian312Notification19WaitForNotificationEv)(absl::Notification*);
void REEVE_WRAP(NK4absl7debian312Notification19WaitForNotificationEv)(
    absl::Notification* notification) {
  REEVE_REAL(NK4absl7debian312Notification19WaitForNotificationEv)
  (notification);
  __tsan_acquire(notification);
}

extern "C" bool REEVE_REAL(
    NK4absl7debian312Notification30WaitForNotificationWithTimeoutENS0_8DurationE)(
    absl::Notification*, absl::Duration);
extern "C" bool REEVE_WRAP(
    NK4absl7debian312Notification30WaitForNotificationWithTimeoutENS0_8DurationE)(
    absl::Notification*, absl::Duration);
bool REEVE_WRAP(
    NK4absl7debian312Notification30WaitForNotificationWithTimeoutENS0_8DurationE)(
    absl::Notification* notification, absl::Duration limit) {
  const bool notified = REEVE_REAL(
      NK4absl7debian312Notification30WaitForNotificationWithTimeoutENS0_8DurationE)(
      notification, limit);
  if (notified) __tsan_acquire(notification);
  return notified;
}
