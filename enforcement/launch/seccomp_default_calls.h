#ifndef REEVE_ENFORCEMENT_LAUNCH_SECCOMP_DEFAULT_CALLS_H_
#define REEVE_ENFORCEMENT_LAUNCH_SECCOMP_DEFAULT_CALLS_H_

#include <linux/capability.h>

namespace reeve {

// The system calls of the default profile, by what they are about, with a space
// between them. Those of which arguments matter are in seccomp_default.cc.
//
// Nobody has these: keyctl, add_key and request_key, as keys are of no
// namespace; userfaultfd and io_uring_*, where many faults of the kernel were,
// and of which the latter does what others call for, past this filter; and what
// Linux has no longer, or only for its own past.
constexpr const char* kCallsOfAnyone[] = {
    // Files by descriptor.
    "read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 "
    "lseek close close_range dup dup2 dup3 fcntl flock ioctl pipe pipe2 "
    "sendfile splice tee vmsplice copy_file_range ftruncate fallocate fsync "
    "fdatasync sync syncfs sync_file_range readahead fadvise64 cachestat",
    // Asynchronous input and output.
    "io_setup io_destroy io_submit io_cancel io_getevents io_pgetevents",
    // Files by name.
    "open openat openat2 creat truncate link linkat symlink symlinkat unlink "
    "unlinkat rename renameat renameat2 readlink readlinkat mknod mknodat "
    "access faccessat faccessat2 name_to_handle_at",
    // Directories.
    "mkdir mkdirat rmdir chdir fchdir getcwd getdents getdents64",
    // What is known of files.
    "stat fstat lstat newfstatat statx statfs fstatfs chmod fchmod fchmodat "
    "fchmodat2 chown fchown lchown fchownat umask utime utimes futimesat "
    "utimensat file_getattr file_setattr",
    // Extended attributes.
    "getxattr lgetxattr fgetxattr getxattrat setxattr lsetxattr fsetxattr "
    "setxattrat listxattr llistxattr flistxattr listxattrat removexattr "
    "lremovexattr fremovexattr removexattrat",
    // Being told of changes to files.
    "inotify_init inotify_init1 inotify_add_watch inotify_rm_watch "
    "fanotify_mark",
    // Waiting for descriptors.
    "poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl "
    "epoll_wait epoll_pwait epoll_pwait2 eventfd eventfd2 signalfd signalfd4 "
    "timerfd_create timerfd_settime timerfd_gettime",
    // Memory. Its placement on nodes is that of the task's own pages, in its
    // cpuset.
    "mmap munmap mremap mprotect madvise msync mincore brk remap_file_pages "
    "mlock mlock2 mlockall munlock munlockall memfd_create memfd_secret mseal "
    "map_shadow_stack pkey_alloc pkey_free pkey_mprotect membarrier "
    "get_mempolicy set_mempolicy set_mempolicy_home_node mbind",
    // Shared memory, semaphores and message queues.
    "shmget shmat shmdt shmctl semget semop semtimedop semctl msgget msgsnd "
    "msgrcv msgctl mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify "
    "mq_getsetattr",
    // Processes and threads.
    "fork vfork execve execveat exit exit_group wait4 waitid getpid gettid "
    "getppid getpgid getpgrp setpgid getsid setsid set_tid_address pidfd_open "
    "pidfd_send_signal process_mrelease prctl arch_prctl modify_ldt "
    "restart_syscall rseq rseq_slice_yield",
    // Locks between threads.
    "futex futex_wait futex_wake futex_waitv futex_requeue set_robust_list "
    "get_robust_list",
    // Signals.
    "kill tkill tgkill pause rt_sigaction rt_sigprocmask rt_sigpending "
    "rt_sigsuspend rt_sigtimedwait rt_sigqueueinfo rt_tgsigqueueinfo "
    "rt_sigreturn sigaltstack",
    // Who a process is. The kernel asks for capabilities.
    "getuid geteuid getgid getegid getresuid getresgid getgroups setuid setgid "
    "setreuid setregid setresuid setresgid setfsuid setfsgid setgroups capget "
    "capset",
    // Scheduling and limits. The kernel asks for capabilities here too.
    "sched_yield sched_getparam sched_setparam sched_getscheduler "
    "sched_setscheduler sched_getattr sched_setattr sched_getaffinity "
    "sched_setaffinity sched_get_priority_min sched_get_priority_max "
    "sched_rr_get_interval getpriority setpriority ioprio_get ioprio_set "
    "getrlimit setrlimit prlimit64 getrusage getcpu",
    // Time and timers. The two adjustments read as well, and the kernel asks
    // for CAP_SYS_TIME where they do more.
    "time gettimeofday times clock_gettime clock_getres clock_nanosleep "
    "nanosleep alarm getitimer setitimer timer_create timer_settime "
    "timer_gettime timer_getoverrun timer_delete adjtimex clock_adjtime",
    // Sockets, once they are made.
    "socketpair bind listen accept accept4 connect shutdown getsockname "
    "getpeername getsockopt setsockopt send sendto sendmsg sendmmsg recv "
    "recvfrom recvmsg recvmmsg",
    // Restricting oneself further.
    "seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self "
    "lsm_get_self_attr lsm_set_self_attr lsm_list_modules",
    // About the machine.
    "uname sysinfo getrandom",
    // What 32-bit programs call in place of the above: files,
    "_llseek _newselect fcntl64 fadvise64_64 ftruncate64 truncate64 sendfile64 "
    "stat64 lstat64 fstat64 fstatat64 oldstat oldlstat oldfstat statfs64 "
    "fstatfs64 readdir chown32 fchown32 lchown32 mmap2",
    // processes, and who they are,
    "waitpid nice ugetrlimit olduname oldolduname set_thread_area "
    "get_thread_area getuid32 geteuid32 getgid32 getegid32 getresuid32 "
    "getresgid32 getgroups32 setuid32 setgid32 setreuid32 setregid32 "
    "setresuid32 setresgid32 setfsuid32 setfsgid32 setgroups32",
    // signals,
    "signal sigaction sigpending sigprocmask sigsuspend sigreturn sgetmask "
    "ssetmask",
    // and times beyond 2038.
    "clock_gettime64 clock_getres_time64 clock_nanosleep_time64 "
    "clock_adjtime64 timer_gettime64 timer_settime64 timerfd_gettime64 "
    "timerfd_settime64 utimensat_time64 futex_time64 ppoll_time64 "
    "pselect6_time64 io_pgetevents_time64 recvmmsg_time64 semtimedop_time64 "
    "mq_timedsend_time64 mq_timedreceive_time64 rt_sigtimedwait_time64 "
    "sched_rr_get_interval_time64"};

struct CallsOfCapability {
  int capability;
  const char* names;
};

// What takes a capability for nearly all that it does.
constexpr CallsOfCapability kCallsByCapability[] = {
    {CAP_BPF, "bpf"},
    {CAP_DAC_READ_SEARCH, "open_by_handle_at"},
    {CAP_PERFMON, "perf_event_open"},
    {CAP_SYSLOG, "syslog"},
    // Mounts, with what looks into those of other namespaces,
    {CAP_SYS_ADMIN,
     "mount umount umount2 pivot_root move_mount open_tree open_tree_attr "
     "fsopen fsconfig fsmount fspick mount_setattr statmount listmount"},
    // namespaces,
    {CAP_SYS_ADMIN, "clone clone3 unshare setns listns"},
    // and the machine as a whole.
    {CAP_SYS_ADMIN,
     "bpf perf_event_open syslog lookup_dcookie fanotify_init quotactl "
     "quotactl_fd sethostname setdomainname swapon swapoff"},
    {CAP_SYS_BOOT, "reboot kexec_load kexec_file_load"},
    {CAP_SYS_CHROOT, "chroot"},
    {CAP_SYS_MODULE, "init_module finit_module delete_module"},
    // Pages of other processes.
    {CAP_SYS_NICE, "move_pages migrate_pages"},
    {CAP_SYS_PACCT, "acct"},
    // Descriptors and memory of other processes.
    {CAP_SYS_PTRACE, "kcmp pidfd_getfd process_madvise"},
    {CAP_SYS_RAWIO, "iopl ioperm"},
    {CAP_SYS_TIME, "settimeofday stime clock_settime clock_settime64"},
    {CAP_SYS_TTY_CONFIG, "vhangup"}};

}  // namespace reeve

#endif  // REEVE_ENFORCEMENT_LAUNCH_SECCOMP_DEFAULT_CALLS_H_
