// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sessions and commands of TAs with the kernel as their client, as a root user
 * asks for them in debugfs. For tests: what is sent may be wrong in any way
 * that the kernel's interface allows.
 *
 *   echo COMMAND > /sys/kernel/debug/pilot_tee_call; cat the same
 *
 *   open UUID LOGIN [PARAMETER...]      LOGIN: kernel, public
 *   invoke SESSION NUMBER [PARAMETER...]
 *   close SESSION
 *   put ADDRESS FILE OFFSET LENGTH      part of a file into memory that Linux
 *                                       does not manage
 *
 * and parameters, at most four:
 *
 *   -         none
 *   i:A:B     value, in
 *   o         value, out
 *   x:A:B     value, in and out
 *   m:HEX     memory, in, with these bytes
 *   f:PATH    memory, in, with the contents of a file
 *   r:SIZE    memory, out
 *   q:SIZE    memory, in and out, of zeros
 *   z:SIZE    memory, out, which is not there
 *   e:SIZE    memory, in, which is not there
 *   b:SIZE    memory, in and out, which is not there
 *
 * The answer has the session of an open, "ret" with the kernel's error,
 * "tee" with the TEE's result and its origin, "ns" with the time the call
 * took, and what came back in parameters of which something can come back:
 * values, or the size of memory, its first bytes, and how many bytes behind
 * it were changed. Numbers are hexadecimal, but for "ret" and "ns".
 */
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/hex.h>
#include <linux/io.h>
#include <linux/kernel_read_file.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/tee_drv.h>
#include <linux/uaccess.h>
#include <linux/uuid.h>
#include <linux/vmalloc.h>

#define COMMAND_MAX	2047
#define ANSWER_MAX	2048
#define PARAMS		4
#define FILE_MAX	SZ_32M
#define SHOWN_MAX	256	/* bytes of memory that came back */
#define BEHIND		64	/* bytes behind memory, to see whether they change */
#define UNTOUCHED	0xa5

static struct tee_context *context;
static struct dentry *file;
static DEFINE_MUTEX(lock);
static char answer[ANSWER_MAX];
static size_t answered;

__printf(1, 2) static void say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	answered += vscnprintf(answer + answered, sizeof(answer) - answered,
			       format, args);
	va_end(args);
}

/* memory with @size bytes at its start to speak of; @bytes NULL: zeros */
static int give(struct tee_param *param, u64 type, const void *bytes,
		size_t size)
{
	u8 *va = vzalloc(size + BEHIND);
	struct tee_shm *shm;

	if (!va)
		return -ENOMEM;
	memset(va + size, UNTOUCHED, BEHIND);
	if (bytes)
		memcpy(va, bytes, size);
	shm = tee_shm_register_kernel_buf(context, va, size + BEHIND);
	if (IS_ERR(shm)) {
		vfree(va);
		return PTR_ERR(shm);
	}
	param->attr = type;
	param->u.memref.shm = shm;
	param->u.memref.size = size;
	return 0;
}

static int give_hex(struct tee_param *param, const char *text)
{
	size_t size = strlen(text) / 2;
	u8 *bytes = kzalloc(size + 1, GFP_KERNEL);
	int ret;

	if (!bytes)
		return -ENOMEM;
	ret = hex2bin(bytes, text, size);
	if (!ret)
		ret = give(param, TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INPUT,
			   bytes, size);
	kfree(bytes);
	return ret;
}

static int give_file(struct tee_param *param, const char *path)
{
	void *contents = NULL;
	ssize_t size;
	int ret;

	size = kernel_read_file_from_path(path, 0, &contents, FILE_MAX, NULL,
					  READING_FIRMWARE);
	if (size < 0)
		return size;
	ret = give(param, TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INPUT, contents,
		   size);
	vfree(contents);
	return ret;
}

static int give_value(struct tee_param *param, u64 type, const char *text)
{
	param->attr = type;
	if (sscanf(text, "%llx:%llx", &param->u.value.a,
		   &param->u.value.b) != 2)
		return -EINVAL;
	return 0;
}

static int give_room(struct tee_param *param, u64 type, const char *text,
		     bool there)
{
	unsigned long size;

	if (kstrtoul(text, 16, &size) || size > FILE_MAX)
		return -EINVAL;
	if (there)
		return give(param, type, NULL, size);
	param->attr = type;
	param->u.memref.size = size;
	return 0;
}

static int parse_param(struct tee_param *param, const char *text)
{
	const char *rest;

	if (!strcmp(text, "-"))
		return 0;
	if (!strcmp(text, "o")) {
		param->attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_OUTPUT;
		return 0;
	}
	if (text[0] == '\0' || text[1] != ':')
		return -EINVAL;
	rest = text + 2;
	switch (text[0]) {
	case 'i':
		return give_value(param, TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INPUT,
				  rest);
	case 'x':
		return give_value(param, TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT,
				  rest);
	case 'm':
		return give_hex(param, rest);
	case 'f':
		return give_file(param, rest);
	case 'r':
		return give_room(param,
				 TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_OUTPUT,
				 rest, true);
	case 'q':
		return give_room(param, TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INOUT,
				 rest, true);
	case 'z':
		return give_room(param,
				 TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_OUTPUT,
				 rest, false);
	case 'e':
		return give_room(param, TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INPUT,
				 rest, false);
	case 'b':
		return give_room(param, TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INOUT,
				 rest, false);
	default:
		return -EINVAL;
	}
}

static bool is_memory(const struct tee_param *param)
{
	switch (param->attr & TEE_IOCTL_PARAM_ATTR_TYPE_MASK) {
	case TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INPUT:
	case TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_OUTPUT:
	case TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INOUT:
		return true;
	default:
		return false;
	}
}

static void forget_params(struct tee_param *params)
{
	unsigned int i;
	void *va;

	for (i = 0; i < PARAMS; i++) {
		if (!is_memory(&params[i]) || !params[i].u.memref.shm)
			continue;
		va = tee_shm_get_va(params[i].u.memref.shm, 0);
		tee_shm_free(params[i].u.memref.shm);
		vfree(va);
	}
}

static int parse_params(struct tee_param *params, char *text)
{
	unsigned int i = 0;
	char *word;
	int ret;

	while ((word = strsep(&text, " ")) != NULL) {
		if (!*word)
			continue;
		ret = i < PARAMS ? parse_param(&params[i++], word) : -E2BIG;
		if (ret) {
			forget_params(params);
			return ret;
		}
	}
	return 0;
}

/* @room: what the memory had before the call */
static void say_memory(const struct tee_param *param, size_t room)
{
	const u8 *va;
	size_t i, changed = 0, size = param->u.memref.size;

	say(" size=%zx", size);
	if (!param->u.memref.shm)
		return;
	va = tee_shm_get_va(param->u.memref.shm, 0);
	for (i = 0; i < BEHIND; i++)
		changed += va[room + i] != UNTOUCHED;
	say(" behind=%zx", changed);
	if (param->attr == TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INPUT)
		return;
	say(" bytes=%*phN", (int)min3(size, room, (size_t)SHOWN_MAX), va);
}

static void say_params(const struct tee_param *params, const size_t *rooms)
{
	unsigned int i;

	for (i = 0; i < PARAMS; i++) {
		if (is_memory(&params[i]))
			say_memory(&params[i], rooms[i]);
		else if (params[i].attr)
			say(" value=%llx:%llx", params[i].u.value.a,
			    params[i].u.value.b);
	}
}

static int do_open(char *text)
{
	struct tee_ioctl_open_session_arg arg = { .num_params = PARAMS };
	struct tee_param params[PARAMS] = { };
	char *uuid = strsep(&text, " "), *login = strsep(&text, " ");
	uuid_t parsed;
	int ret;

	if (!login || uuid_parse(uuid, &parsed))
		return -EINVAL;
	export_uuid(arg.uuid, &parsed);
	arg.clnt_login = strcmp(login, "kernel") ? TEE_IOCTL_LOGIN_PUBLIC :
						   TEE_IOCTL_LOGIN_REE_KERNEL;
	ret = parse_params(params, text);
	if (ret)
		return ret;
	ret = tee_client_open_session(context, &arg, params);
	say("session=%x ret=%d tee=%x:%x\n", arg.session, ret, arg.ret,
	    arg.ret_origin);
	forget_params(params);
	return 0;
}

static int do_invoke(char *text)
{
	struct tee_ioctl_invoke_arg arg = { .num_params = PARAMS };
	struct tee_param params[PARAMS] = { };
	size_t rooms[PARAMS] = { };
	unsigned int i;
	ktime_t began;
	s64 took;
	int ret, end;

	if (sscanf(text, "%x %x%n", &arg.session, &arg.func, &end) != 2)
		return -EINVAL;
	ret = parse_params(params, text + end);
	if (ret)
		return ret;
	for (i = 0; i < PARAMS; i++)
		if (is_memory(&params[i]))
			rooms[i] = params[i].u.memref.size;
	began = ktime_get();
	ret = tee_client_invoke_func(context, &arg, params);
	took = ktime_to_ns(ktime_sub(ktime_get(), began));
	say("ret=%d tee=%x:%x ns=%lld", ret, arg.ret, arg.ret_origin, took);
	say_params(params, rooms);
	say("\n");
	forget_params(params);
	return 0;
}

static int do_close(char *text)
{
	unsigned int session;

	if (kstrtouint(text, 16, &session))
		return -EINVAL;
	say("ret=%d\n", tee_client_close_session(context, session));
	return 0;
}

static int put_bytes(u64 address, const u8 *bytes, size_t length)
{
	void *memory;

	if (!length)
		return 0;
	memory = memremap(address, length, MEMREMAP_WC);
	if (!memory)
		return -ENOMEM;
	memcpy(memory, bytes, length);
	memunmap(memory);
	return 0;
}

static int do_put(char *text)
{
	char path[64];
	void *contents = NULL;
	u64 address;
	size_t offset, length;
	ssize_t size;
	int ret;

	if (sscanf(text, "%llx %63s %zx %zx", &address, path, &offset,
		   &length) != 4)
		return -EINVAL;
	size = kernel_read_file_from_path(path, 0, &contents, FILE_MAX, NULL,
					  READING_FIRMWARE);
	if (size < 0)
		return size;
	ret = -ERANGE;
	if (offset <= size && length <= size - offset)
		ret = put_bytes(address, contents + offset, length);
	vfree(contents);
	say("ret=%d\n", ret);
	return 0;
}

static const struct {
	const char *name;
	int (*call)(char *text);
} commands[] = {
	{ "open ", do_open },
	{ "invoke ", do_invoke },
	{ "close ", do_close },
	{ "put ", do_put },
};

static int obey(char *text)
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
	char *text;
	int ret;

	if (size > COMMAND_MAX)
		return -E2BIG;
	text = memdup_user_nul(user, size);
	if (IS_ERR(text))
		return PTR_ERR(text);
	mutex_lock(&lock);
	answered = 0;
	ret = obey(strim(text));
	mutex_unlock(&lock);
	kfree(text);
	return ret ?: size;
}

static ssize_t answer_read(struct file *filp, char __user *user, size_t size,
			   loff_t *pos)
{
	ssize_t ret;

	mutex_lock(&lock);
	ret = simple_read_from_buffer(user, size, pos, answer, answered);
	mutex_unlock(&lock);
	return ret;
}

static const struct file_operations command_fops = {
	.owner = THIS_MODULE,
	.read = answer_read,
	.write = command_write,
};

static int is_optee(struct tee_ioctl_version_data *version, const void *data)
{
	return version->impl_id == TEE_IMPL_ID_OPTEE;
}

static int __init tee_call_init(void)
{
	context = tee_client_open_context(NULL, is_optee, NULL, NULL);
	if (IS_ERR(context))
		return PTR_ERR(context);
	file = debugfs_create_file("pilot_tee_call", 0600, NULL, NULL,
				   &command_fops);
	return 0;
}

static void __exit tee_call_exit(void)
{
	debugfs_remove(file);
	tee_client_close_context(context);
}

module_init(tee_call_init);
module_exit(tee_call_exit);

MODULE_DESCRIPTION("Calls of a TEE from debugfs, for tests");
MODULE_LICENSE("GPL");
