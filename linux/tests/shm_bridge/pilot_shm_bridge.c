// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls for SHM bridges, through the kernel's own qcom_scm, as a root user
 * asks for them in debugfs. For tests on kernels whose allocator makes no
 * bridges by itself. Every call and its result is a message of the kernel.
 *
 *   echo COMMAND > /sys/kernel/debug/pilot_shm_bridge
 *
 *   enable                       bridges are in force from now on
 *   create A B C D               the four arguments as they are on the wire
 *   delete HANDLE
 *   metadata PAS_ID FIRMWARE     INIT_IMAGE; the kernel allocates the buffer
 *   suspend PAS_ID FIRMWARE      INIT_IMAGE from a bridged buffer, left alone
 *                                once it is interrupted while it reads that
 *   shutdown PAS_ID
 *
 * Numbers are hexadecimal.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/arm-smccc.h>
#include <linux/debugfs.h>
#include <linux/firmware.h>
#include <linux/firmware/qcom/qcom_scm.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/of_platform.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/soc/qcom/mdt_loader.h>
#include <linux/sizes.h>
#include <linux/uaccess.h>

#include "qcom_scm_internal.h"

#define COMMAND_MAX	127
#define BUFFER_SIZE	SZ_512K
#define SUSPEND_TRIES	20000

/* qcom_scm keeps these to itself */
#define CALL_INIT_IMAGE	0x42000201
#define ARGS_INIT_IMAGE	0x82
#define INTERRUPTED	1
#define PERM_RW		6
#define ONE_VM		0x200
#define VMID_HLOS	3

static struct platform_device *scm;
static struct dentry *file;
static void *buffer;

static int do_enable(const char *text)
{
	int ret = qcom_scm_shm_bridge_enable(&scm->dev);

	pr_info("enable: %d\n", ret);
	return 0;
}

static int do_create(const char *text)
{
	u64 arg[4], handle = 0;
	int ret;

	if (sscanf(text, "%llx %llx %llx %llx", &arg[0], &arg[1], &arg[2],
		   &arg[3]) != 4)
		return -EINVAL;
	ret = qcom_scm_shm_bridge_create(arg[0], arg[1], arg[2], arg[3],
					 &handle);
	pr_info("create %#llx %#llx %#llx %#llx: %d, handle %#llx\n", arg[0],
		arg[1], arg[2], arg[3], ret, handle);
	return 0;
}

static int do_delete(const char *text)
{
	u64 handle;
	int ret;

	if (kstrtou64(text, 16, &handle))
		return -EINVAL;
	ret = qcom_scm_shm_bridge_delete(handle);
	pr_info("delete %#llx: %d\n", handle, ret);
	return 0;
}

static int do_shutdown(const char *text)
{
	u32 pas_id;
	int ret;

	if (kstrtou32(text, 16, &pas_id))
		return -EINVAL;
	ret = qcom_scm_pas_shutdown(pas_id);
	pr_info("shutdown %#x: %d\n", pas_id, ret);
	return 0;
}

struct image {
	u32 pas_id;
	char name[COMMAND_MAX + 1];
	const struct firmware *fw;
};

/* "PAS_ID FIRMWARE"; the caller releases the firmware */
static int get_image(struct image *image, const char *text)
{
	if (sscanf(text, "%x %127s", &image->pas_id, image->name) != 2)
		return -EINVAL;
	return request_firmware(&image->fw, image->name, &scm->dev);
}

static int do_metadata(const char *text)
{
	struct image image;
	size_t size;
	void *data;
	int ret;

	ret = get_image(&image, text);
	if (ret)
		return ret;
	data = qcom_mdt_read_metadata(image.fw, &size, image.name, &scm->dev);
	release_firmware(image.fw);
	if (IS_ERR(data))
		return PTR_ERR(data);
	ret = qcom_scm_pas_init_image(image.pas_id, data, size, NULL);
	pr_info("metadata %#x, %zu bytes: %d\n", image.pas_id, size, ret);
	kfree(data);
	return 0;
}

/* what qcom_scm does with one lock held for all, and to the end */
static unsigned long call_once(unsigned long function, u32 pas_id,
			       unsigned long *session)
{
	struct arm_smccc_quirk quirk = { .id = ARM_SMCCC_QUIRK_QCOM_A6 };
	struct arm_smccc_res res;

	arm_smccc_smc_quirk(function, ARGS_INIT_IMAGE, pas_id,
			    virt_to_phys(buffer), 0, 0, *session, 0, &res,
			    &quirk);
	*session = quirk.state.a6;
	return res.a0;
}

static int bridge_buffer(u64 *handle)
{
	u64 address = virt_to_phys(buffer) | PERM_RW;

	return qcom_scm_shm_bridge_create(address, address,
					  BUFFER_SIZE | ONE_VM, VMID_HLOS,
					  handle);
}

/*
 * Between the calls the bridge is gone, unless it is in use: that is what is
 * waited for. Returns 1 when it has happened.
 */
static int init_image_once(u32 pas_id, u64 *handle)
{
	unsigned long session = 0, function = CALL_INIT_IMAGE;
	int ret;

	do {
		ret = bridge_buffer(handle);
		if (ret)
			return ret;
		function = call_once(function, pas_id, &session);
		ret = qcom_scm_shm_bridge_delete(*handle);
		if (ret)
			return ret == -EBUSY ? 1 : ret;
	} while (function == INTERRUPTED);
	return 0;
}

static int do_suspend(const char *text)
{
	struct image image;
	u64 handle = 0;
	int ret, i;

	ret = get_image(&image, text);
	if (ret)
		return ret;
	if (image.fw->size > BUFFER_SIZE)
		ret = -EFBIG;
	else
		memcpy(buffer, image.fw->data, image.fw->size);
	release_firmware(image.fw);
	for (i = 0; i < SUSPEND_TRIES && !ret; i++)
		ret = init_image_once(image.pas_id, &handle);
	if (ret < 0)
		return ret;
	pr_info("suspend %#x: %s after %d calls, handle %#llx\n", image.pas_id,
		ret ? "in use" : "never in use", i, handle);
	return 0;
}

static const struct {
	const char *name;
	int (*run)(const char *text);
} commands[] = {
	{ "enable", do_enable },
	{ "create", do_create },
	{ "delete", do_delete },
	{ "metadata", do_metadata },
	{ "suspend", do_suspend },
	{ "shutdown", do_shutdown },
};

static int run_command(char *line)
{
	char *name = strsep(&line, " ");
	int i;

	for (i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(name, commands[i].name))
			return commands[i].run(line ?: "");
	return -EINVAL;
}

static ssize_t file_write(struct file *f, const char __user *from, size_t count,
			  loff_t *pos)
{
	char line[COMMAND_MAX + 1] = "";
	int ret;

	if (count > COMMAND_MAX)
		return -EINVAL;
	if (copy_from_user(line, from, count))
		return -EFAULT;
	ret = run_command(strim(line));
	return ret ?: count;
}

static const struct file_operations file_operations = {
	.owner = THIS_MODULE,
	.open = nonseekable_open,
	.write = file_write,
};

static int __init shm_bridge_init(void)
{
	struct device_node *np;

	np = of_find_compatible_node(NULL, NULL, "qcom,scm");
	scm = np ? of_find_device_by_node(np) : NULL;
	of_node_put(np);
	if (!scm || !qcom_scm_is_available()) {
		platform_device_put(scm);
		return -ENODEV;
	}
	buffer = alloc_pages_exact(BUFFER_SIZE, GFP_KERNEL | GFP_DMA32);
	if (!buffer) {
		platform_device_put(scm);
		return -ENOMEM;
	}
	file = debugfs_create_file(KBUILD_MODNAME, 0200, NULL, NULL,
				   &file_operations);
	pr_info("buffer at %#llx, %#x bytes\n", (u64)virt_to_phys(buffer),
		BUFFER_SIZE);
	return 0;
}

/* Bridges over the buffer must be gone by now: the kernel gives it to others */
static void __exit shm_bridge_exit(void)
{
	debugfs_remove(file);
	free_pages_exact(buffer, BUFFER_SIZE);
	platform_device_put(scm);
}

module_init(shm_bridge_init);
module_exit(shm_bridge_exit);
MODULE_DESCRIPTION("SHM bridge calls for Pilot's tests");
MODULE_LICENSE("GPL");
