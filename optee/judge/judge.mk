# SPDX-License-Identifier: BSD-2-Clause
# The Makefile of a TA that judges includes this behind BINARY and in front of the kit: the library, as one object in which Mbed TLS is
# nobody else's. The kit's libutee brings another version of it.
judge := $(abspath $(O)/..)/judge
LDADD += $(judge)/judge.o
libdeps += $(judge)/judge.o

.PHONY: all judge-library
all:

judge-library:
	$(MAKE) -C $(PILOT_TOP)/optee/judge O=$(judge)

$(judge)/libjudge.a: judge-library ;

$(judge)/judge.o: $(judge)/libjudge.a
	$(CROSS_COMPILE)ld -r --whole-archive $< -o $@.new
	$(CROSS_COMPILE)objcopy --wildcard --localize-symbol='mbedtls_*' $@.new
	cmp -s $@.new $@ && rm $@.new || mv $@.new $@
