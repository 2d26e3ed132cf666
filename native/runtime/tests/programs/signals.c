/* SPDX-License-Identifier: 0BSD */
#define _GNU_SOURCE
#include <errno.h>
#include <setjmp.h>
#include <stdint.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static volatile sig_atomic_t seen, depth, deepest;
static volatile siginfo_t last;
static sigjmp_buf back;
static char alternate[64 * 1024];
static volatile uintptr_t handler_local;

static void count(int signal)
{
	seen++;
}

static void inform(int signal, siginfo_t *info, void *context)
{
	ucontext_t *u = context;
	memcpy((void *)&last, info, sizeof last);
	sigaddset(&u->uc_sigmask, SIGUSR2); /* stays blocked after we return */
}

static void nest(int signal)
{
	char text[512];
	snprintf(text, sizeof text, "depth %d %s", depth, "some more text that has to survive");
	if (++depth > deepest) deepest = depth;
	if (depth < 5) raise(signal);
	CHECK(strstr(text, "survive"));
	depth--;
}

static void jump(int signal)
{
	siglongjmp(back, signal);
}

static void on_stack(int signal)
{
	char local;
	stack_t now;
	handler_local = (uintptr_t)&local;
	sigaltstack(0, &now);
	CHECK(now.ss_flags & SS_ONSTACK);
}

static void overflow(int signal, siginfo_t *info, void *context)
{
	siglongjmp(back, 77);
}

static int recurse(int n)
{
	volatile char frame[1000];
	frame[n % 1000] = (char)n;
	int r = recurse(n + 1) + frame[n % 1000];
	return r;
}

static void set(int signal, void (*handler)(int), int flags)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
	CHECK(!sigaction(signal, &action, 0));
}

int main(void)
{
	struct sigaction old, action = {0};
	sigset_t mask, was;

	set(SIGUSR1, count, SA_RESTART);
	raise(SIGUSR1);
	CHECK(seen == 1);
	CHECK(!sigaction(SIGUSR1, 0, &old) && old.sa_handler == count && (old.sa_flags & SA_RESTART) && !(old.sa_flags & SA_ONSTACK));

	/* masks */
	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR1);
	CHECK(!sigprocmask(SIG_BLOCK, &mask, 0));
	raise(SIGUSR1);
	CHECK(seen == 1);
	CHECK(!sigpending(&was) && sigismember(&was, SIGUSR1));
	sigemptyset(&was);
	CHECK(sigsuspend(&was) == -1 && errno == EINTR && seen == 2);
	sigfillset(&mask);
	CHECK(!sigprocmask(SIG_SETMASK, &mask, 0));
	CHECK(!sigprocmask(SIG_SETMASK, 0, &was) && sigismember(&was, SIGUSR1) && !sigismember(&was, 35));
	sigemptyset(&mask);
	sigprocmask(SIG_SETMASK, &mask, 0);
	CHECK(SIGRTMIN == 36 && signal(35, count) == SIG_ERR);

	/* SA_SIGINFO, and a mask changed through the context */
	action.sa_sigaction = inform;
	action.sa_flags = SA_SIGINFO;
	CHECK(!sigaction(SIGUSR2, &action, 0));
	CHECK(!sigqueue(getpid(), SIGUSR2, (union sigval){.sival_int = 1234}));
	CHECK(last.si_signo == SIGUSR2 && last.si_pid == getpid() && last.si_value.sival_int == 1234);
	sigprocmask(SIG_SETMASK, 0, &was);
	CHECK(sigismember(&was, SIGUSR2));
	sigprocmask(SIG_SETMASK, &mask, 0);

	/* handlers within handlers */
	set(SIGUSR1, nest, SA_NODEFER);
	raise(SIGUSR1);
	CHECK(deepest == 5 && depth == 0);

	/* out of a handler by siglongjmp, many times; the mask comes back */
	set(SIGUSR1, jump, 0);
	for (volatile int i = 0; i < 100; i++) {
		int r = sigsetjmp(back, 1);
		if (!r) raise(SIGUSR1);
		CHECK(r == SIGUSR1 || !r);
		sigprocmask(SIG_SETMASK, 0, &was);
		CHECK(!sigismember(&was, SIGUSR1));
		if (!r) CHECK(0);
	}

	/* SA_RESETHAND */
	set(SIGUSR1, count, SA_RESETHAND);
	raise(SIGUSR1);
	CHECK(seen == 3 && !sigaction(SIGUSR1, 0, &old) && old.sa_handler == SIG_DFL);

	/* alternate stack */
	stack_t stack = {.ss_sp = alternate, .ss_size = sizeof alternate}, got;
	CHECK(!sigaltstack(&stack, 0) && !sigaltstack(0, &got) && got.ss_sp == alternate && !got.ss_flags);
	set(SIGUSR1, on_stack, SA_ONSTACK);
	raise(SIGUSR1);
	CHECK(handler_local >= (uintptr_t)alternate && handler_local < (uintptr_t)alternate + sizeof alternate);

	/* stack overflow, twice */
	action.sa_sigaction = overflow;
	action.sa_flags = SA_SIGINFO | SA_ONSTACK;
	CHECK(!sigaction(SIGSEGV, &action, 0));
	for (volatile int i = 0; i < 2; i++) {
		int r = sigsetjmp(back, 1);
		if (!r) recurse(i);
		CHECK(r == 77);
		CHECK(!sigaltstack(0, &got) && !(got.ss_flags & SS_ONSTACK));
	}

	/* a timer's signals while we compute and sleep */
	seen = 0;
	set(SIGALRM, count, SA_RESTART);
	struct itimerval every = {{0, 10000}, {0, 10000}};
	CHECK(!setitimer(ITIMER_REAL, &every, 0));
	struct timespec rest = {0, 300000000};
	int breaks = 0;
	while (nanosleep(&rest, &rest) && errno == EINTR) breaks++;
	CHECK(seen >= 5 && breaks >= 5);
	every = (struct itimerval){0};
	setitimer(ITIMER_REAL, &every, 0);
	puts("signals ok");
	return 0;
}
