// Whether its effective user is root, without a C library: exits with code 0 if
// so and with 1 if not. For roots that have nothing else, and to be given the
// set-user-ID bit, which busybox gives up.
#if !defined(__x86_64__)
#error "Add the system calls geteuid(2) and exit_group(2)."
#endif

asm(".globl _start\n"
    "_start:\n\t"
    "mov $107, %eax\n\t"
    "syscall\n\t"
    "xor %edi, %edi\n\t"
    "test %eax, %eax\n\t"
    "setne %dil\n\t"
    "mov $231, %eax\n\t"
    "syscall\n\t");
