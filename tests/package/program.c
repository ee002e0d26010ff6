/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A program that somebody else could write: is a firmware image genuine for the device with these fuses? It uses nothing but what
 * the package libpilot-dev has.
 *
 * usage: program IMAGE FUSES
 * Exit status: 0 genuine, 1 refused (the reason is printed), 2 trouble.
 */
#include <stdio.h>

#include <pilot/auth.h>
#include <pilot/crypto.h>
#include <pilot/fuses.h>
#include <pilot/image.h>

#define SIZE_MOST (1u << 20)

static size_t read_file(const char *path, unsigned char *data)
{
	FILE *file = fopen(path, "rb");
	size_t size = file ? fread(data, 1, SIZE_MOST, file) : 0;

	if (file)
		fclose(file);
	return size;
}

static int check_segments(const struct pil_image *image, const unsigned char *data, size_t size, struct pil_why *why)
{
	struct pil_phdr phdr = { 0 };
	unsigned int i = 0;
	int err = 0;

	for (i = 0; !err && i < image->elf.phnum; i++) {
		pil_elf_phdr(&image->elf, i, &phdr);
		if (phdr.type != PIL_PT_LOAD || !phdr.filesz)
			continue;
		if (phdr.offset > size || phdr.filesz > size - phdr.offset)
			return -PIL_ETRUNC;
		err = pil_auth_segment(image, i, data + phdr.offset, (size_t)phdr.filesz, &pil_crypto_openssl, why);
	}
	return err;
}

int main(int argc, char **argv)
{
	static unsigned char file[SIZE_MOST];
	static unsigned char fuses[SIZE_MOST];
	struct pil_auth_result result = { 0 };
	struct pil_device device = { 0 };
	struct pil_auth_policy policy = { .device = &device };
	struct pil_image image = { 0 };
	struct pil_why why = { 0 };
	char text[200] = "";
	size_t size = argc == 3 ? read_file(argv[1], file) : 0;
	int err = 0;

	if (!size || pil_fuses_parse(fuses, read_file(argv[2], fuses), &device, &why))
		return 2;
	err = pil_image_from_file(file, size, &image, &why);
	if (!err)
		err = pil_auth_check(&image, &policy, &pil_crypto_openssl, &result, &why);
	if (!err)
		err = check_segments(&image, file, size, &why);
	pil_why_text(&why, text, sizeof(text));
	printf("%s%s%s\n", err ? pil_reason_name(why.reason) : "genuine", err ? ": " : "", err ? text : "");
	return err != 0;
}
