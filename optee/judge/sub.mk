# SPDX-License-Identifier: BSD-2-Clause
# What a TA that judges is made of: lib and crypto as every secure world of Pilot has them, the board, and what TAs share. PILOT_TOP
# is the root of Pilot's tree.
srcs_ext_base-y := $(PILOT_TOP)

pilot-lib := reason.c why.c text.c $(foreach d,image auth pas tee,$(patsubst $(PILOT_TOP)/lib/%,%,$(wildcard $(PILOT_TOP)/lib/$d/*.c)))
# formats and rules for looking at old images are the tool's; what runs passes those for devices
pilot-lib := $(filter-out auth/rules_all.c auth/leaf.c image/mbn_formats.c,$(pilot-lib))
srcs_ext-y += $(addprefix lib/,$(pilot-lib))
srcs_ext-y += $(addprefix crypto/,der.c der_cert.c scheme.c armv8/sha256.S armv8/sha512.S)
srcs_ext-y += $(addprefix crypto/mbedtls/,cert.c hash.c memory.c pool.c verify.c)
srcs_ext-y += boards/virt/tee_peripherals.c
srcs-y += crypto.c pta.c ta.c

mbedtls := bignum bignum_core constant_time ecp ecp_curves platform_util sha256 sha512 asn1parse asn1write ecdsa md oid pk pk_ecc pk_wrap \
	pkparse platform rsa rsa_alt_helpers x509 x509_crt
mbedtls-srcs := $(foreach m,$(mbedtls),build/parts/mbedtls/library/$m.c)
srcs_ext-y += $(mbedtls-srcs)
$(foreach s,$(mbedtls-srcs),$(eval cflags-$s-y += -w))

# before the kit's own, which has another version of Mbed TLS
global-incdirs_ext-y += $(PILOT_TOP)/include $(PILOT_TOP)/boards/virt/include $(PILOT_TOP)/build/parts/mbedtls/include
incdirs_ext-y += $(PILOT_TOP)/crypto/mbedtls $(PILOT_TOP)/crypto/armv8 $(PILOT_TOP)/build/parts/mbedtls/library $(PILOT_TOP)/optee/judge
# the machine's CPU has these instructions; where a board's does not, they are left out
global-cppflags-y += -DMBEDTLS_CONFIG_FILE='"$(PILOT_TOP)/crypto/mbedtls/config.h"' -DPIL_MAX_PERIPHERALS=2 -DPILOT_TA_SHA2 -DPILOT_TA_SHA512
# hash.c of crypto/mbedtls looks at the state of a digest as two types
cflags-y += -std=gnu11 -O2 -fno-strict-aliasing -Wno-switch-default
