/* SPDX-License-Identifier: 0BSD
 *
 * What a running program, the compiler and the image tools agree on.
 *
 * Everything here is little-endian and has one layout on both ISAs. The TypeScript mirror is
 * libs/bundle/src/abi.ts; a test compares the two.
 */
#ifndef HC_ABI_H
#define HC_ABI_H

#include <stdint.h>

#define HC_ABI_VERSION 1

/* Address plan. All below 2^38, so that an aarch64 kernel with 39-bit addresses serves too. */
#define HC_CONTROL_ADDRESS 0x200000ULL      /* struct hc_control: one page, its own segment */
#define HC_IMAGE_ADDRESS 0x400000ULL        /* first byte of the executable proper */
#define HC_BRK_ARENA 0x0800000000ULL        /* brk(2) grows here */
#define HC_BRK_ARENA_END 0x1000000000ULL
#define HC_STACK_ARENA 0x1000000000ULL      /* native and data stacks of every thread */
#define HC_STACK_ARENA_END 0x2000000000ULL
#define HC_MMAP_ARENA 0x2000000000ULL       /* mmap(2) without an address */
#define HC_MMAP_ARENA_END 0x3e00000000ULL
#define HC_SYSTEM_ARENA 0x3e00000000ULL     /* argv, envp, auxv; then the vDSO slot */
#define HC_VDSO_SLOT 0x3f00000000ULL        /* where hc-restore has CRIU put the destination's vvar+vDSO */
#define HC_VDSO_SLOT_END 0x3f00100000ULL

/* ELF e_machine names the ISA everywhere. */
#define HC_ISA_X86_64 62
#define HC_ISA_AARCH64 183

#define HC_CONTROL_MAGIC 0x314c525443434800ULL /* bytes "\0HCCTRL1" */

/* Real-time signal that interrupts a blocking system call; programs see SIGRTMIN one higher. */
#define HC_SIGNAL 35

/* hc_control.request */
#define HC_RUN 0
#define HC_PARK 1

/* hc_thread.state */
#define HC_THREAD_RUNNING 0
#define HC_THREAD_PARKED 1
#define HC_THREAD_GONE 2

/*
 * A file that is another one to the kernel than to the program, which got to know it on another machine: stat(2) and its
 * kin show the program what it has seen before. Each identity occurs at most once as `here` and once as seen.
 */
struct hc_identity {
  uint64_t here_device; /*   0 st_dev of this machine's kernel */
  uint64_t here_inode;  /*   8 st_ino of this machine's kernel */
  uint64_t device;      /*  16 st_dev as the program sees it */
  uint64_t inode;       /*  24 st_ino as the program sees it */
};

#define HC_IDENTITIES_ADDRESS 0x200048ULL /* hc_control.identity */
#define HC_IDENTITIES_MAX 125             /* to the end of its page */

/* Lives at HC_CONTROL_ADDRESS. Field offsets are part of the format. */
struct hc_control {
  uint64_t magic;       /*   0 HC_CONTROL_MAGIC */
  uint32_t request;     /*   8 HC_RUN or HC_PARK; every migration point loads it; a futex word */
  uint32_t version;     /*  12 HC_ABI_VERSION */
  uint32_t isa;         /*  16 e_machine of the ISA the process runs on; hc-xform changes it */
  uint32_t generation;  /*  20 number of moves so far; hc-xform adds one */
  uint32_t threads;     /*  24 live threads */
  uint32_t parked;      /*  28 threads in the park routine */
  uint64_t thread_list; /*  32 address of the first struct hc_thread, 0 before start-up is over */
  uint64_t resume;      /*  40 address of hc_resume: where a rebuilt thread starts; same on both ISAs */
  uint64_t vdso;        /*  48 address of the vDSO's ELF header, 0 if none; hc-restore sets it after a move */
  uint64_t clock_generation; /* 56 value of generation for which the vDSO was looked up (runtime only) */
  uint64_t identities;  /*  64 how many there are; hc-restore sets them */
  struct hc_identity identity[HC_IDENTITIES_MAX]; /* 72 */
};

/* One per thread, in memory of the program; linked by next. */
struct hc_thread {
  uint64_t next;        /*   0 address of the next struct hc_thread, 0 at the end */
  uint32_t tid;         /*   8 kernel thread id */
  uint32_t state;       /*  12 HC_THREAD_* */
  uint64_t data;        /*  16 data-stack pointer at the park call (first byte not in use) */
  uint64_t sp;          /*  24 native stack pointer of the parked frame, once the park call has returned */
  uint64_t pc;          /*  32 return address of the park call: a call-site's address */
  uint64_t native_low;  /*  40 native stack: [native_low, native_high), grows down */
  uint64_t native_high; /*  48 the outermost frame's caller SP; the walk ends here */
  uint64_t data_low;    /*  56 data stack: [data_low, data_high), grows up */
  uint64_t data_high;   /*  64 */
  uint64_t tp;          /*  72 thread pointer (fs base, TPIDR_EL0) */
  uint64_t resume_sp;   /*  80 scratch native stack top for hc_resume, 16-aligned, outside [native_low, native_high) */
  uint32_t in_handler;  /*  88 depth of signal handlers that run: such a thread does not park */
  uint32_t in_syscall;  /*  92 number of the blocking system call it sits in + 1, or 0 */
};

/*
 * Call-site table, one per ISA: section .hc.sites of each executable (sorted by address at link)
 * and, for both ISAs together, sites.bin of the bundle:
 *
 *   struct hc_sites_header, then count_x86_64 records, then count_aarch64 records,
 *   each part sorted by address.
 *
 * Walking: at a site with native stack pointer sp and data-stack pointer ds (as passed to the
 * callee), the caller's frame is [sp, sp + native_frame); the return address into *its* caller is
 * the word at sp + native_frame + return_slot; the caller's caller has sp + native_frame and, as the
 * data-stack pointer it passed, ds - data_frame, or with HC_SITE_DYNAMIC the word at ds - 8.
 * The walk ends at the record with id 0, whose address is the return address of the outermost frame.
 */
#define HC_SITES_MAGIC 0x3153455449534348ULL /* bytes "HCSITES1" */
#define HC_SITE_DYNAMIC 1u                   /* data frame has a variable part */

struct hc_site {
  uint64_t address;      /*  0 return address of the call */
  uint32_t id;           /*  8 same on both ISAs; 0 is the outermost frame's return into the entry stub */
  uint32_t native_frame; /* 12 bytes, return address included */
  int32_t return_slot;   /* 16 offset of the return address from the end of the frame: -8 on x86-64 */
  uint32_t data_frame;   /* 20 bytes << 1 | dynamic */
};

struct hc_sites_header {
  uint64_t magic;
  uint32_t count_x86_64;
  uint32_t count_aarch64;
};

#endif
