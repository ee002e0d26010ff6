/* SPDX-License-Identifier: BSD-2-Clause */
/* The firmware of a run, read and checked as "pilot image show" and "pilot image verify" do, by the fuses of its machine. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <pilot/crypto.h>
#include <pilot/fuses.h>

#include "image/formats.h"
#include "image/image_info.h"
#include "image/verify.h"
#include "report/run.h"

/** struct judge - what images are asked; @fuses: those of the machine are known */
struct judge {
	const struct pil_crypto *crypto;
	struct questions q;
	bool fuses;
};

/* a path that a run's record may name: below its directory */
static bool inside(const char *path)
{
	const char *part = path;

	if (*path == '/' || !*path)
		return false;
	for (; part; part = strchr(part, '/') ? strchr(part, '/') + 1 : NULL)
		if (!strncmp(part, "..", 2) && (part[2] == '/' || !part[2]))
			return false;
	return true;
}

static void read_fuses(struct run *run, struct judge *judge)
{
	const char *name = run_text(json_object_get(run->result, "fuses"), "path");
	char *path = inside(name) ? run_path(run, name) : NULL;
	struct pil_why why = { 0 };
	struct file file = { 0 };
	char text[200] = "";

	judge->q.device.debug = PIL_DEBUG_IMAGE;
	if (!path || !file_map(&file, path)) {
		run_lacks(run, *name ? name : "fuses", "without them nobody knows which root the machine trusts");
	} else if (pil_fuses_parse(file.data, file.size, &judge->q.device, &why)) {
		pil_why_text(&why, text, sizeof(text));
		run_lacks(run, name, text);
	} else {
		judge->fuses = true;
		judge->q.root = judge->q.soc = judge->q.oem = judge->q.model = judge->q.serial = judge->q.jtag = true;
		/* a block without keys for containers is complete, too */
		(void)pil_fuses_keys_parse(file.data, file.size, &judge->q.device, &why);
	}
	file_close(&file);
	free(path);
}

/* of the first check that was not passed, where there is no better one */
static const json_t *failure(const json_t *found)
{
	const json_t *error = json_object_get(found, "error");
	const json_t *checks = json_object_get(found, "checks");
	size_t i = 0;

	for (i = 0; !error && i < json_array_size(checks); i++)
		error = json_object_get(json_array_get(checks, i), "error");
	return error;
}

/* every key of an image's entry, whatever was found; what was not is null, and what nobody asked for is left out */
static json_t *finished(json_t *found)
{
	static const char *const keys[] = { "name",	"peripheral", "path",	       "format",   "verdict",
					    "signer",	"root",	      "root_hash",     "key_hash", "scheme",
					    "software", "processor",  "image_version", "checks" };
	const json_t *error = failure(found);
	json_t *image = json_object();
	size_t i = 0;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		json_t *value = json_object_get(found, keys[i]);

		json_object_set_new(image, keys[i], value ? json_incref(value) : json_null());
	}
	json_object_set_new(image, "error",
			    error ? json_pack("{s:s?, s:s}", "reason",
					      json_string_value(json_object_get(error, "reason")), "text",
					      run_text(error, "text"))
				  : json_null());
	json_decref(found);
	return image;
}

static void set_name(json_t *image, const char *key, struct pil_bytes der)
{
	char *name = cert_name(der);

	json_object_set_new(image, key, name ? json_string(name) : json_null());
	free(name);
}

static void verify_mbn(json_t *image, const struct image_info *info, const struct judge *judge)
{
	struct answers *answers = malloc(sizeof(*answers));
	enum verdict verdict = VERDICT_REFUSED;

	if (!answers)
		return;
	verdict = verdict_of(&judge->q, answers, verify_image(info, &judge->q, judge->crypto, answers));
	json_object_update_new(image, report_json(&judge->q, info, verdict, answers, NULL));
	free(answers);
}

static void add_mbn(json_t *image, const struct image_info *info, const struct judge *judge)
{
	json_object_set_new(image, "format", json_string("mbn"));
	verify_mbn(image, info, judge);
	json_object_set_new(image, "software", json_hex64(info->binding.sw_id));
	json_object_set_new(image, "image_version", json_integer(info->binding.anti_rollback));
	if (!info->certs)
		return;
	set_name(image, "signer", info->cert[0].subject);
	set_name(image, "root", info->cert[info->certs - 1].subject);
}

static void add_container(json_t *image, const char *path, const struct image_format *format, const struct judge *judge)
{
	struct container_questions q = { .use_key_hash = judge->fuses && judge->q.device.has_key,
					 .strict = !judge->q.device.loose_containers };
	struct format_report to = { .json = image };
	json_t *shown = json_array();

	memcpy(q.key_hash, judge->q.device.key_hash, sizeof(q.key_hash));
	format->verify(path, &q, judge->crypto, &to);
	json_object_set_new(image, "format", json_string(format->name));
	if (!format->show(path, shown)) {
		json_object_set(image, "image_version", json_object_get(json_array_get(shown, 0), "image_version"));
		json_object_set(image, "processor", json_object_get(json_array_get(shown, 0), "processor"));
		json_object_set(image, "scheme", json_object_get(json_array_get(shown, 0), "signature"));
	}
	json_decref(shown);
}

static void add_unsigned(json_t *image, const struct image_info *info)
{
	bool plain = info->kind == INFO_PLAIN;

	json_object_set_new(image, "format", json_string(plain ? "elf" : "unknown"));
	json_object_set_new(image, "verdict",
			    json_string(verdict_name(info->kind == INFO_BROKEN ? VERDICT_REFUSED : VERDICT_NO_IMAGE)));
	json_object_set_new(image, "error",
			    plain ? json_pack("{s:s}", "text", "a program as it was linked, which nobody signed")
				  : json_why(&info->why));
}

/* no format of its own: MBN, an ELF file that nobody signed, or anything */
static void add_other(json_t *image, const char *path, const struct judge *judge)
{
	struct image_info info = { 0 };

	if (!image_info_read(&info, path, judge->crypto)) {
		json_object_set_new(image, "verdict", json_string(verdict_name(VERDICT_UNREADABLE)));
		json_object_set_new(image, "error",
				    json_pack("{s:s}", "text", errno == ENOENT ? "not there" : file_error(errno)));
		return;
	}
	if (info.kind == INFO_SIGNED) {
		add_mbn(image, &info, judge);
	} else {
		add_unsigned(image, &info);
	}
	image_info_close(&info);
}

static json_t *image_of(const struct run *run, const json_t *entry, const struct judge *judge)
{
	const char *name = run_text(entry, "path");
	json_t *image = json_pack("{s:s, s:s, s:s}", "name", run_text(entry, "name"), "peripheral",
				  run_text(entry, "peripheral"), "path", name);
	const struct image_format *format = NULL;
	char *path = NULL;

	if (!inside(name)) {
		json_object_set_new(image, "verdict", json_string(verdict_name(VERDICT_UNREADABLE)));
		json_object_set_new(image, "error",
				    json_pack("{s:s}", "text", "the record's path leads out of the run"));
		return finished(image);
	}
	path = run_path(run, name);
	format = image_format_of(path);
	if (format)
		add_container(image, path, format, judge);
	else
		add_other(image, path, judge);
	free(path);
	return finished(image);
}

json_t *run_images(struct run *run)
{
	const json_t *entries = json_object_get(run->result, "images");
	struct judge judge = { .crypto = &pil_crypto_openssl };
	json_t *images = json_array();
	size_t i = 0;

	if (!json_is_array(entries)) {
		if (run->result)
			run_lacks(run, "firmware", "result.json does not say which images the run was given");
		return images;
	}
	read_fuses(run, &judge);
	for (i = 0; i < json_array_size(entries); i++)
		json_array_append_new(images, image_of(run, json_array_get(entries, i), &judge));
	return images;
}
