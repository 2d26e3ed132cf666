/* SPDX-License-Identifier: 0BSD
 *
 * How the lifter lays out the table of lifted code, and dispatch.c finds an address in it: by its product with the
 * multiplier, shifted right; then the next free place.
 */
#ifndef HC_LIFT_TABLES_H
#define HC_LIFT_TABLES_H

#define LIFTED_CODE_MULTIPLIER 0x9e3779b97f4a7c15ULL
#define LIFTED_RETURN_SITE (1ULL << 63)

#endif
