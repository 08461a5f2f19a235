/* What -fstack-protector-strong and -D_FORTIFY_SOURCE call, as a part of each program and DLL. The compiler's own is a DLL
   that opens a provider of cryptography in every process, which on Wine takes as long as all other DLLs together; the
   runtime of later versions of MinGW-w64 has it like this. */
#define _CRT_RAND_S
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A guard that stands before it is made random holds as well: only that it can be foretold. */
uintptr_t __stack_chk_guard = 0x9e3779b97f4a7c15;

/* Before all other constructors: no guarded function is under way that would find another guard than it left. */
__attribute__((constructor(101), optimize("no-stack-protector"))) static void make_guard(void) {
    unsigned high = 0, low = 0;
    if (rand_s(&high) == 0 && rand_s(&low) == 0) __stack_chk_guard = (uintptr_t)high << 32 | low;
}

/* Without a word of its own: whoever overwrote the stack may decide what any code here would do. */
__attribute__((noreturn)) void __stack_chk_fail(void) { __builtin_trap(); }
__attribute__((noreturn)) void __chk_fail(void) { __builtin_trap(); }

void* __memcpy_chk(void* to, const void* from, size_t count, size_t room) {
    if (count > room) __chk_fail();
    return memcpy(to, from, count);
}

void* __memmove_chk(void* to, const void* from, size_t count, size_t room) {
    if (count > room) __chk_fail();
    return memmove(to, from, count);
}

void* __memset_chk(void* to, int value, size_t count, size_t room) {
    if (count > room) __chk_fail();
    return memset(to, value, count);
}

char* __strcpy_chk(char* to, const char* from, size_t room) {
    const size_t count = strlen(from) + 1;
    if (count > room) __chk_fail();
    return memcpy(to, from, count);
}
