/* SPDX-License-Identifier: 0BSD */
#include <stdio.h>
#include <stdlib.h>

#define CHECK(condition) \
	do { \
		if (!(condition)) { \
			printf("%s:%d: %s\n", __FILE__, __LINE__, #condition); \
			fflush(stdout); \
			exit(1); \
		} \
	} while (0)
