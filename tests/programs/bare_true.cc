// true(1) without a C library: the least that a process can cost. Exits with
// code 0 in its first instructions.
#if !defined(__x86_64__)
#error "Add the system call exit_group(2) for this architecture."
#endif

asm(".globl _start\n"
    "_start:\n\t"
    "xor %edi, %edi\n\t"
    "mov $231, %eax\n\t"
    "syscall\n\t");
