/* SPDX-License-Identifier: GPL-3.0-or-later
 * Empty: the entry stub is the runtime's, one per ISA.
 */
