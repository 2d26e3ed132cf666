/* SPDX-License-Identifier: 0BSD
 *
 * What lifted code and its runtime know of each other.
 */
#ifndef HC_LIFT_H
#define HC_LIFT_H

#include "../common/runtime.h"
#include "guest.h"
#include "tables.h"

/* Called by lifted code, which this file is linked with. */
#define LIFTED __attribute__((used))

extern _Thread_local struct guest hc_guest;

/* A lifted function. `entry` is the guest's address of the return site to go on at, or anything else to begin. Returns the
 * guest's address to go on at: where its caller called, unless the program left by another way (longjmp, unwinding). */
typedef uint64_t lifted_function(uint64_t entry);

/* The same for calls through pointers by code that has registers in values: these are the ones that C passes most. All others
 * are in hc_guest. `address`: 0 when it returned as calls do, else where to go on, and then all registers are in hc_guest. */
struct lifted_result {
	uint64_t address, rax;
};
typedef struct lifted_result lifted_pointer(uint64_t rsp, uint64_t rdi, uint64_t rsi, uint64_t rdx, uint64_t rcx,
                                             uint64_t rax);

/* Made by the lifter: tables.h has the rule. */
struct lifted_code {
	uint64_t address; /* with LIFTED_RETURN_SITE: not the begin of a function */
	lifted_function *function;
	lifted_pointer *pointer; /* 0: by way of the other */
};
extern const struct lifted_code hc_guest_code[]; /* a hash table, see dispatch.c */
extern const uint64_t hc_guest_code_shift;
extern const uint64_t hc_guest_code_begin, hc_guest_code_end; /* the addresses of all code in the executable */
extern const uint64_t hc_guest_ordered; /* memory is accessed in the order that threads may rely on */
extern const uint64_t hc_guest_entry, hc_guest_headers, hc_guest_header_count;

const struct lifted_code *hc_guest_look_up(uint64_t address); /* 0: there is none */
uint64_t hc_guest_missing(uint64_t address);                  /* ends the program, and says so */
lifted_function *hc_guest_find(uint64_t address);
lifted_pointer *hc_guest_find_pointer(uint64_t address);
uint64_t hc_guest_jump(uint64_t address);

_Noreturn void hc_guest_fail(const char *what, uint64_t address, const char *way_out);
_Noreturn void hc_guest_divide_error(uint64_t address);

/* Goes on there with the registers in hc_guest, and with no frame of ours. */
_Noreturn void hc_guest_restart(uint64_t address);

/* Runs the thread's code from there on. */
PORTABLE _Noreturn void hc_guest_run(uint64_t address);

/* clone(2) of a thread, which goes on at `next`, where hc_guest's owner does. */
long hc_guest_start_thread(uint64_t flags, uint64_t stack, uint64_t parent_tid, uint64_t child_tid, uint64_t thread_pointer, uint64_t next);
_Noreturn void hc_guest_end_thread(long status);

long hc_guest_signal_action(long signal, long action, long old, long size);
void hc_guest_free_handler_stacks(void);
/* A system call that may wait, made by the instruction before `next`. */
PORTABLE long hc_guest_wait(long n, const long arguments[6], uint64_t next);
/* By canonical number and structs. */
long hc_guest_system_call(long n, const long arguments[6], uint64_t next);

/* --- per ISA of the guest: x86-64/, aarch64/ ---------------------------------------------------------- */

extern const uint64_t hc_guest_capabilities; /* AT_HWCAP, or 0: none is passed */
extern const uint64_t hc_guest_call_size;    /* bytes of the instruction for system calls */
uint64_t hc_guest_stack(void);
/* On another stack, which ends there. */
void hc_guest_leave_stack(uint64_t stack);
/* Registers of a new thread, which were those of its maker: clone(2). */
void hc_guest_begin_thread(struct guest *guest, uint64_t flags, uint64_t stack, uint64_t thread_pointer);
/* Registers as exec leaves them, with this stack pointer. */
void hc_guest_begin(uint64_t stack);
/* Registers as a signal handler finds them, on a stack that ends there; it will return to this address. */
void hc_guest_enter_handler(uint64_t stack, uint64_t next, uint64_t signal, uint64_t info, uint64_t context);
/* Signal of an instruction that has no meaning for a program. */
long hc_guest_illegal_signal(uint64_t address);

#endif
