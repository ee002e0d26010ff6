/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the members of the service's state lie, for tests that look at it from outside: lines of name, offset, size. */
#include <stddef.h>
#include <stdio.h>

#include <pilot/pas.h>

#define MEMBER(type, member)                                                                                           \
	printf("%s.%s %zu %zu\n", #type, #member, offsetof(struct type, member), sizeof(((struct type *)NULL)->member))

int main(void)
{
	printf("pil_pas 0 %zu\n", sizeof(struct pil_pas));
	printf("pil_peripheral 0 %zu\n", sizeof(struct pil_peripheral));
	MEMBER(pil_pas, p);
	MEMBER(pil_pas, cores);
	MEMBER(pil_pas, memory);
	MEMBER(pil_pas, streams);
	MEMBER(pil_pas, sharing);
	MEMBER(pil_pas, unknown_count);
	MEMBER(pil_peripheral, state);
	MEMBER(pil_peripheral, gate);
	return 0;
}
