/* SPDX-License-Identifier: 0BSD
 *
 * Numbers that the lifter passes to x87.c.
 */
#ifndef HC_LIFT_X87_H
#define HC_LIFT_X87_H

/* What lies in memory. */
enum x87_format { X87_SINGLE, X87_DOUBLE, X87_EXTENDED, X87_INTEGER16, X87_INTEGER32, X87_INTEGER64, X87_DECIMAL };

/* In the order of the opcodes' middle field; the R ones have their operands exchanged. */
enum x87_arithmetic { X87_ADD, X87_MULTIPLY, X87_COMPARE, X87_COMPARE_POP, X87_SUBTRACT, X87_SUBTRACT_R, X87_DIVIDE, X87_DIVIDE_R };

/* D9 E8 and following. */
enum x87_constant { X87_ONE, X87_LOG2_10, X87_LOG2_E, X87_PI, X87_LOG10_2, X87_LN_2, X87_ZERO };

enum x87_unary {
	X87_CHANGE_SIGN, X87_ABSOLUTE, X87_TEST, X87_EXAMINE, X87_ROUND, X87_SQUARE_ROOT, X87_SCALE, X87_REMAINDER,
	X87_REMAINDER_NEAREST, X87_EXTRACT, X87_INCREMENT_TOP, X87_DECREMENT_TOP,
};

#endif
