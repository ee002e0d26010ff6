/* SPDX-License-Identifier: BSD-2-Clause */
/* The list of header versions, and what each of them can say. */
#include "bytes.h"
#include "sign/mbn_write.h"

const char *mbn_option_name(uint32_t option)
{
	static const char *const names[MBN_OPTIONS] = {
		[MBN_NOP] = "nop", [MBN_DISABLE] = "disable", [MBN_ENABLE] = "enable"
	};

	return option < MBN_OPTIONS ? names[option] : "?";
}

const char *mbn_writer_lacks(const struct mbn_writer *writer, const struct mbn_request *want)
{
	const struct {
		bool asked;
		unsigned int field;
		const char *option;
	} fields[] = {
		{ want->serial && want->binding.use_serial, MBN_HAS_SERIAL, "--serial" },
		{ want->debug, MBN_HAS_DEBUG, "--debug" },
		{ want->debug && want->debug_option == MBN_DISABLE, MBN_HAS_DEBUG_DISABLE, "--debug disable" },
		{ want->root_revoke, MBN_HAS_ROOT_REVOKE, "--root-revoke" },
		{ want->oem_root, MBN_HAS_OEM_ROOT, "--oem-root" },
		{ want->transfer_root, MBN_HAS_TRANSFER_ROOT, "--transfer-root" },
	};
	size_t i = 0;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (fields[i].asked && !(writer->has & fields[i].field))
			return fields[i].option;
	return NULL;
}

const struct mbn_writer *mbn_writer_find(uint64_t version)
{
	static const struct mbn_writer *const all[] = { &mbn_writer_v3, &mbn_writer_v5, &mbn_writer_v6, &mbn_writer_v7,
							&mbn_writer_v8 };
	size_t i = 0;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i]->version == version)
			return all[i];
	return NULL;
}

void mbn_write_places(const struct mbn_places *at, const struct mbn_request *want, uint8_t *metadata)
{
	const struct pil_mbn_binding *b = &want->binding;
	const struct {
		bool asked;
		size_t place;
		uint32_t value;
	} words[] = {
		{ want->oem, at->oem_id, b->oem_id },
		{ want->model, at->model_id, b->model_id },
		{ want->jtag, at->jtag_id, b->jtag_id },
		{ want->root_index, at->root_index, b->root_index },
		{ want->anti_rollback, at->anti_rollback, b->anti_rollback },
	};
	size_t i = 0;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i].asked)
			put_le32(metadata + words[i].place, words[i].value);
	for (i = 0; want->soc && i < PIL_MBN_SOC_VERS; i++)
		put_le32(metadata + at->soc_vers + 4 * i, b->soc_vers[i]);
}
