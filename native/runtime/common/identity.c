/* SPDX-License-Identifier: 0BSD
 *
 * The identity of files, device and inode, as the program has seen it: a file that travelled along is a new one to the
 * kernel here, but programs hold the old identity against it (SQLite before it opens its journal, tail -F, lock tables).
 */
#include "runtime.h"

_Static_assert(offsetof(struct hc_statx, inode) == 32 && offsetof(struct hc_statx, device_major) == 136, "statx(2)");

struct pair {
	uint64_t device, inode;
};

NATIVE static const struct hc_identity *by_here(struct pair p)
{
	for (uint64_t i = 0; i < hc_control.identities; i++) {
		const struct hc_identity *at = &hc_control.identity[i];
		if (at->here_inode == p.inode && at->here_device == p.device) return at;
	}
	return 0;
}

NATIVE static const struct hc_identity *by_seen(struct pair p)
{
	for (uint64_t i = 0; i < hc_control.identities; i++) {
		const struct hc_identity *at = &hc_control.identity[i];
		if (at->inode == p.inode && at->device == p.device) return at;
	}
	return 0;
}

/* One to one: another file that has the identity here which the program knows one of these by gets what is left over.
 * libs/processes/src/identities.ts computes the same. */
NATIVE static struct pair seen(struct pair here)
{
	const struct hc_identity *at = by_here(here);
	if (at) return (struct pair){at->device, at->inode};
	/* Never more steps than entries: a damaged table may lead round in circles. */
	for (uint64_t steps = hc_control.identities; steps && (at = by_seen(here)); steps--)
		here = (struct pair){at->here_device, at->here_inode};
	return here;
}

NATIVE long hc_seen_stat(long result, struct hc_stat *stat)
{
	if (result < 0 || !hc_control.identities) return result;
	struct pair pair = seen((struct pair){stat->device, stat->inode});
	*stat = (struct hc_stat){pair.device, pair.inode};
	return result;
}

/* include/linux/kdev_t.h, new_encode_dev(): what st_dev is made of. */
NATIVE static uint64_t device_of(uint32_t major, uint32_t minor)
{
	return (minor & 0xff) | major << 8 | (uint64_t)(minor & ~0xffu) << 12;
}

NATIVE long hc_seen_statx(long result, struct hc_statx *statx)
{
	if (result < 0 || !hc_control.identities) return result;
	struct pair pair = seen((struct pair){device_of(statx->device_major, statx->device_minor), statx->inode});
	statx->inode = pair.inode;
	statx->device_major = (uint32_t)pair.device >> 8 & 0xfff;
	statx->device_minor = (pair.device & 0xff) | (uint32_t)(pair.device >> 12 & ~0xffu);
	return result;
}
