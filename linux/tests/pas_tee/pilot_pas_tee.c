// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls of the peripheral authentication service in the order in which the
 * kernel's remoteproc driver makes them, through the kernel's own qcom_pas and
 * mdt_loader, as a root user asks for them in debugfs. For tests on kernels
 * whose qcom_pas takes its calls to a TEE (qcom_pas_tee). Every call and its
 * result is a message of the kernel.
 *
 *   echo COMMAND > /sys/kernel/debug/pilot_pas_tee
 *
 *   supported PAS_ID
 *   load PAS_ID ADDRESS SIZE FIRMWARE    metadata, memory, segments
 *   start                                what was loaded last
 *   resources                            of what was loaded last
 *   suspend PAS_ID, resume PAS_ID
 *   shutdown PAS_ID
 *
 * Numbers are hexadecimal.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/debugfs.h>
#include <linux/firmware.h>
#include <linux/firmware/qcom/qcom_pas.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/remoteproc.h>
#include <linux/slab.h>
#include <linux/soc/qcom/mdt_loader.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#define COMMAND_MAX	127

static struct platform_device *device;
static struct qcom_pas_context *loaded;
static struct dentry *file;

static int pas_id_of(const char *text, u32 *id)
{
	return kstrtou32(text, 16, id);
}

static int do_supported(const char *text)
{
	u32 id;

	if (pas_id_of(text, &id))
		return -EINVAL;
	pr_info("supported %x: %d\n", id, qcom_pas_supported(id));
	return 0;
}

static int load(struct qcom_pas_context *context, const char *name)
{
	const struct firmware *image;
	phys_addr_t base = 0;
	int ret;

	ret = request_firmware(&image, name, &device->dev);
	if (ret)
		return ret;
	ret = qcom_mdt_pas_load(context, image, name, &base);
	release_firmware(image);
	return ret;
}

static int do_load(const char *text)
{
	u64 address, size;
	char name[64];
	int ret;
	u32 id;

	if (sscanf(text, "%x %llx %llx %63s", &id, &address, &size, name) != 4)
		return -EINVAL;
	if (loaded)
		qcom_pas_metadata_release(loaded);
	loaded = devm_qcom_pas_context_alloc(&device->dev, id, address, size);
	if (IS_ERR(loaded)) {
		ret = PTR_ERR(loaded);
		loaded = NULL;
		return ret;
	}
	ret = load(loaded, name);
	pr_info("load %x: %d\n", id, ret);
	if (ret)
		loaded = NULL;
	return 0;
}

static int do_start(const char *text)
{
	int ret;

	if (!loaded)
		return -ENODATA;
	ret = qcom_pas_prepare_and_auth_reset(loaded);
	pr_info("start %x: %d\n", loaded->pas_id, ret);
	qcom_pas_metadata_release(loaded);
	loaded = NULL;
	return 0;
}

static int do_resources(const char *text)
{
	struct resource_table *table;
	size_t size = 0;

	if (!loaded)
		return -ENODATA;
	table = qcom_pas_get_rsc_table(loaded, NULL, 0, &size);
	pr_info("resources %x: %ld, %zx bytes\n", loaded->pas_id,
		IS_ERR(table) ? PTR_ERR(table) : 0, size);
	if (!IS_ERR(table))
		kfree(table);
	return 0;
}

static int do_state(const char *text, u32 state, const char *name)
{
	u32 id;

	if (pas_id_of(text, &id))
		return -EINVAL;
	pr_info("%s %x: %d\n", name, id, qcom_pas_set_remote_state(state, id));
	return 0;
}

static int do_suspend(const char *text)
{
	return do_state(text, 0, "suspend");
}

static int do_resume(const char *text)
{
	return do_state(text, 1, "resume");
}

static int do_shutdown(const char *text)
{
	u32 id;

	if (pas_id_of(text, &id))
		return -EINVAL;
	pr_info("shutdown %x: %d\n", id, qcom_pas_shutdown(id));
	return 0;
}

static const struct {
	const char *name;
	int (*call)(const char *text);
} commands[] = {
	{ "supported ", do_supported },
	{ "load ", do_load },
	{ "start", do_start },
	{ "resources", do_resources },
	{ "suspend ", do_suspend },
	{ "resume ", do_resume },
	{ "shutdown ", do_shutdown },
};

static int obey(const char *text)
{
	size_t length;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		length = strlen(commands[i].name);
		if (!strncmp(text, commands[i].name, length))
			return commands[i].call(text + length);
	}
	return -EINVAL;
}

static ssize_t command_write(struct file *filp, const char __user *user,
			     size_t size, loff_t *pos)
{
	char text[COMMAND_MAX + 1];
	int ret;

	if (size > COMMAND_MAX)
		return -E2BIG;
	if (copy_from_user(text, user, size))
		return -EFAULT;
	text[size] = '\0';
	ret = obey(strim(text));
	return ret ?: size;
}

static const struct file_operations command_fops = {
	.owner = THIS_MODULE,
	.write = command_write,
};

static int __init pas_tee_init(void)
{
	if (!qcom_pas_is_available())
		return -EPROBE_DEFER;
	device = platform_device_register_simple("pilot_pas_tee", -1, NULL, 0);
	if (IS_ERR(device))
		return PTR_ERR(device);
	file = debugfs_create_file("pilot_pas_tee", 0200, NULL, NULL,
				   &command_fops);
	return 0;
}

static void __exit pas_tee_exit(void)
{
	debugfs_remove(file);
	if (loaded)
		qcom_pas_metadata_release(loaded);
	platform_device_unregister(device);
}

module_init(pas_tee_init);
module_exit(pas_tee_exit);

MODULE_DESCRIPTION("Calls of the peripheral authentication service, for tests");
MODULE_LICENSE("GPL");
