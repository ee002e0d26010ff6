// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls of the TEE, and what its results mean to Linux.
 */
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/tee_drv.h>
#include <linux/vmalloc.h>

#include "rproc_tee.h"

#define PARAMS	4

const uuid_t rproc_tee_service_uuid =
	UUID_INIT(0x80a4c275, 0x0a47, 0x4905,
		  0x82, 0x85, 0x14, 0x86, 0xa9, 0x77, 0x1a, 0x08);

/* TEE Client API, table 4-2 */
#define TEE_SUCCESS		0
#define TEE_ACCESS_DENIED	0xffff0001
#define TEE_BAD_FORMAT		0xffff0005
#define TEE_BAD_PARAMETERS	0xffff0006
#define TEE_BAD_STATE		0xffff0007
#define TEE_ITEM_NOT_FOUND	0xffff0008
#define TEE_NOT_IMPLEMENTED	0xffff0009
#define TEE_NOT_SUPPORTED	0xffff000a
#define TEE_OUT_OF_MEMORY	0xffff000c
#define TEE_BUSY		0xffff000d
#define TEE_SECURITY		0xffff000f
#define TEE_SHORT_BUFFER	0xffff0010
#define TEE_TARGET_DEAD		0xffff3024
#define TEE_SIGNATURE_INVALID	0xffff3072

static const struct {
	u32 result;
	int error;
	const char *text;
} results[] = {
	{ TEE_ACCESS_DENIED, -EACCES, "access denied" },
	{ TEE_BAD_FORMAT, -ENOEXEC, "bad format" },
	{ TEE_BAD_PARAMETERS, -EINVAL, "bad parameters" },
	{ TEE_BAD_STATE, -EPERM, "not in this state" },
	{ TEE_ITEM_NOT_FOUND, -ENOENT, "not found" },
	{ TEE_NOT_IMPLEMENTED, -EOPNOTSUPP, "not implemented" },
	{ TEE_NOT_SUPPORTED, -EOPNOTSUPP, "not supported" },
	{ TEE_OUT_OF_MEMORY, -ENOMEM, "out of memory" },
	{ TEE_BUSY, -EBUSY, "busy" },
	{ TEE_SECURITY, -EKEYREJECTED, "authentication failed" },
	{ TEE_SHORT_BUFFER, -ENOSPC, "short buffer" },
	{ TEE_TARGET_DEAD, -EPIPE, "the service has died" },
	{ TEE_SIGNATURE_INVALID, -EKEYREJECTED, "bad signature" },
};

static int to_error(u32 result, const char **text)
{
	int i;

	*text = "";
	if (result == TEE_SUCCESS)
		return 0;
	for (i = 0; i < ARRAY_SIZE(results); i++) {
		if (results[i].result != result)
			continue;
		*text = results[i].text;
		return results[i].error;
	}
	return -EIO;
}

static const char *command_name(u32 func)
{
	switch (func) {
	case PIL_TEE_RPROC_LOAD:
		return "LOAD";
	case PIL_TEE_RPROC_START:
		return "START";
	case PIL_TEE_RPROC_STOP:
		return "STOP";
	case PIL_TEE_RPROC_GET_RSC_TABLE:
		return "GET_RSC_TABLE";
	case PIL_TEE_RPROC_GET_COREDUMP:
		return "GET_COREDUMP";
	case PIL_TEE_RPROC_RELEASE:
		return "RELEASE";
	case PIL_TEE_RPROC_PROCESSORS:
		return "PROCESSORS";
	case PIL_TEE_RPROC_STATE:
		return "STATE";
	case PIL_TEE_RPROC_REGIONS:
		return "REGIONS";
	case PIL_TEE_RPROC_ATTACH:
		return "ATTACH";
	case PIL_TEE_RPROC_DETACH:
		return "DETACH";
	case PIL_TEE_RPROC_GRANT:
		return "GRANT";
	case PIL_TEE_RPROC_RUN:
		return "RUN";
	default:
		return "command";
	}
}

/* Without @id the session is bound to no processor. Nothing is said. */
static int open_session(struct tee_context *ctx, const uuid_t *uuid,
			const u32 *id, u32 *session, u32 *result)
{
	struct tee_ioctl_open_session_arg arg = {
		.clnt_login = TEE_IOCTL_LOGIN_REE_KERNEL,
		.num_params = PARAMS,
	};
	struct tee_param param[PARAMS] = { };
	const char *text;
	int ret;

	export_uuid(arg.uuid, uuid);
	if (id) {
		param[0].attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INPUT;
		param[0].u.value.a = *id;
	}
	ret = tee_client_open_session(ctx, &arg, param);
	*result = ret ? 0 : arg.ret;
	if (!ret)
		ret = to_error(arg.ret, &text);
	if (!ret)
		*session = arg.session;
	return ret;
}

int rproc_tee_open(struct device *dev, struct tee_context *ctx,
		   const uuid_t *uuid, const u32 *id, u32 *session)
{
	const char *text;
	u32 result;
	int ret;

	ret = open_session(ctx, uuid, id, session, &result);
	/* who asks for no processor wants to know what the service can do */
	if (!ret || !id)
		return ret;
	to_error(result, &text);
	if (result == TEE_BUSY)
		dev_err(dev, "the service serves one session at a time, and another processor has it\n");
	else
		dev_err(dev, "no session for processor %u: %d (TEE result %#x %s)\n",
			*id, ret, result, text);
	return ret;
}

/* Says nothing: some errors are answers. */
static int invoke(struct tee_context *ctx, u32 session, u32 func,
		  struct tee_param *param, u32 *result)
{
	struct tee_ioctl_invoke_arg arg = {
		.func = func,
		.session = session,
		.num_params = PARAMS,
	};
	const char *text;
	int ret;

	ret = tee_client_invoke_func(ctx, &arg, param);
	*result = ret ? 0 : arg.ret;
	return ret ?: to_error(arg.ret, &text);
}

static void complain(struct device *dev, u32 func, int ret, u32 result)
{
	const char *text;

	to_error(result, &text);
	dev_err(dev, "%s failed: %d (TEE result %#x %s)\n",
		command_name(func), ret, result, text);
}

int rproc_tee_invoke(struct device *dev, struct tee_context *ctx, u32 session,
		     u32 func, struct tee_param *param)
{
	u32 result;
	int ret;

	ret = invoke(ctx, session, func, param, &result);
	if (ret)
		complain(dev, func, ret, result);
	return ret;
}

int rproc_tee_open_own(struct rproc_tee *t)
{
	return rproc_tee_open(t->dev, t->processor->ctx,
			      &rproc_tee_service_uuid, &t->processor->id,
			      &t->session);
}

/*
 * A service that has died is another one in the next session. Several callers
 * may find out; the first one opens it.
 */
static void reopen(struct rproc_tee *t, u32 dead)
{
	guard(mutex)(&t->lock);
	if (t->session != dead)
		return;
	if (dead)
		tee_client_close_session(t->processor->ctx, dead);
	t->session = 0;
	if (!rproc_tee_open_own(t))
		dev_warn(t->dev, "the service was started anew\n");
}

/* A command of a processor: parameter 0 is its id. */
static int command(struct rproc_tee *t, u32 func, struct tee_param *param)
{
	u32 session = READ_ONCE(t->session);
	int ret;

	if (!session) {
		reopen(t, session);
		session = READ_ONCE(t->session);
	}
	param[0].attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INPUT;
	param[0].u.value.a = t->processor->id;
	ret = rproc_tee_invoke(t->dev, t->processor->ctx, session, func,
			       param);
	if (ret == -EPIPE)
		reopen(t, session);
	return ret;
}

int rproc_tee_call(struct rproc_tee *t, u32 func)
{
	struct tee_param param[PARAMS] = { };

	return command(t, func, param);
}

int rproc_tee_load(struct rproc_tee *t, const void *data, size_t size)
{
	struct tee_param param[PARAMS] = { };
	struct tee_shm *shm;
	int ret;

	shm = tee_shm_register_kernel_buf(t->processor->ctx, (void *)data,
					  size);
	if (IS_ERR(shm)) {
		dev_err(t->dev, "image of %zu bytes cannot be shown to the TEE: %pe\n",
			size, shm);
		return PTR_ERR(shm);
	}
	param[1].attr = TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INPUT;
	param[1].u.memref.shm = shm;
	param[1].u.memref.size = size;
	ret = command(t, PIL_TEE_RPROC_LOAD, param);
	tee_shm_free(shm);
	return ret;
}

int rproc_tee_run(struct rproc_tee *t, u64 entry)
{
	struct tee_param param[PARAMS] = { };

	param[1].attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INPUT;
	param[1].u.value.a = lower_32_bits(entry);
	param[1].u.value.b = upper_32_bits(entry);
	return command(t, PIL_TEE_RPROC_RUN, param);
}

static u64 value64(const struct tee_param *param)
{
	return (u64)lower_32_bits(param->u.value.b) << 32 |
	       lower_32_bits(param->u.value.a);
}

int rproc_tee_get_table(struct rproc_tee *t, phys_addr_t *pa, size_t *size)
{
	struct tee_param param[PARAMS] = { };
	int ret;

	param[1].attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_OUTPUT;
	param[2].attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_OUTPUT;
	ret = command(t, PIL_TEE_RPROC_GET_RSC_TABLE, param);
	if (ret)
		return ret;
	*pa = value64(&param[1]);
	*size = value64(&param[2]);
	return 0;
}

int rproc_tee_get_state(struct rproc_tee *t, u32 *state)
{
	struct tee_param param[PARAMS] = { };
	int ret;

	param[1].attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_OUTPUT;
	ret = command(t, PIL_TEE_RPROC_STATE, param);
	if (!ret)
		*state = lower_32_bits(param[1].u.value.a);
	return ret;
}

/* What a command writes to memory parameter @index; at most @size bytes. */
static int read_once(struct tee_context *ctx, u32 session, u32 func,
		     struct tee_param *param, int index, void *to,
		     size_t *size, u32 *result)
{
	struct tee_shm *shm;
	int ret;

	shm = tee_shm_alloc_kernel_buf(ctx, *size);
	if (IS_ERR(shm)) {
		*result = 0;
		return PTR_ERR(shm);
	}
	param[index].attr = TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_OUTPUT;
	param[index].u.memref.shm = shm;
	param[index].u.memref.shm_offs = 0;
	param[index].u.memref.size = *size;
	ret = invoke(ctx, session, func, param, result);
	if (!ret && param[index].u.memref.size > *size)
		ret = -EPROTO;
	if (!ret) {
		*size = param[index].u.memref.size;
		memcpy(to, tee_shm_get_va(shm, 0), *size);
	}
	tee_shm_free(shm);
	return ret;
}

/* Returns their number, or an error without a message. */
int rproc_tee_get_processors(struct device *dev, struct tee_context *ctx,
			     u32 session, struct pil_tee_processor *processor)
{
	struct tee_param param[PARAMS] = { };
	size_t size = RPROC_TEE_PROCESSORS * sizeof(*processor);
	u32 result;
	int ret;

	ret = read_once(ctx, session, PIL_TEE_RPROC_PROCESSORS, param, 0,
			processor, &size, &result);
	if (ret)
		return ret;
	if (size % sizeof(*processor)) {
		dev_err(dev, "PROCESSORS: %zu bytes are not whole entries\n",
			size);
		return -EPROTO;
	}
	return size / sizeof(*processor);
}

static int copy_region(struct rproc_tee *t, struct rproc_tee_region *to,
		       const struct pil_tee_region *from)
{
	u64 pa = le64_to_cpu(from->pa), da = le64_to_cpu(from->da);
	u64 size = le64_to_cpu(from->size), end;

	if (strnlen(from->name, sizeof(from->name)) == sizeof(from->name) ||
	    !size || size > SIZE_MAX || check_add_overflow(pa, size, &end) ||
	    check_add_overflow(da, size, &end)) {
		dev_err(t->dev, "REGIONS: bad entry: %#llx (+%#llx)\n", pa,
			size);
		return -EPROTO;
	}
	strscpy(to->name, from->name);
	to->pa = pa;
	to->da = da;
	to->size = size;
	to->flags = le32_to_cpu(from->flags);
	to->va = NULL;
	return 0;
}

int rproc_tee_get_regions(struct rproc_tee *t)
{
	size_t size = RPROC_TEE_REGIONS * sizeof(struct pil_tee_region);
	struct tee_param param[PARAMS] = { };
	struct pil_tee_region *region;
	u32 result = 0;
	int ret, i;

	region = kzalloc(size, GFP_KERNEL);
	if (!region)
		return -ENOMEM;
	param[0].attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INPUT;
	param[0].u.value.a = t->processor->id;
	ret = read_once(t->processor->ctx, t->session, PIL_TEE_RPROC_REGIONS,
			param, 1, region, &size, &result);
	if (!ret && size % sizeof(*region))
		ret = -EPROTO;
	if (ret)
		complain(t->dev, PIL_TEE_RPROC_REGIONS, ret, result);
	t->region_count = 0;
	for (i = 0; !ret && i < size / sizeof(*region); i++) {
		ret = copy_region(t, &t->region[i], &region[i]);
		t->region_count = i + 1;
	}
	if (ret)
		t->region_count = 0;
	kfree(region);
	return ret;
}

/* GET_COREDUMP into @data; *size: room there, then bytes that there are. */
static int read_dump(struct rproc_tee *t, void *data, size_t *size,
		     u32 *result)
{
	struct tee_param param[PARAMS] = { };
	struct tee_shm *shm;
	int ret;

	*result = 0;
	shm = tee_shm_register_kernel_buf(t->processor->ctx, data, *size);
	if (IS_ERR(shm))
		return PTR_ERR(shm);
	param[0].attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INPUT;
	param[0].u.value.a = t->processor->id;
	param[1].attr = TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_OUTPUT;
	param[1].u.memref.shm = shm;
	param[1].u.memref.size = *size;
	ret = invoke(t->processor->ctx, t->session, PIL_TEE_RPROC_GET_COREDUMP,
		     param, result);
	tee_shm_free(shm);
	if (!ret && param[1].u.memref.size > *size)
		ret = -EPROTO;
	*size = param[1].u.memref.size;
	return ret;
}

/* how much there is can only be more than what the processor has */
static size_t hidden_size(struct rproc_tee *t)
{
	size_t sum = 0;
	int i;

	for (i = 0; i < t->region_count; i++)
		if (!(t->region[i].flags & PIL_TEE_REGION_HOST))
			sum = size_add(sum, t->region[i].size);
	return sum;
}

/* What only the TEE may read, if it lets Linux have it: into @dump. */
int rproc_tee_get_dump(struct rproc_tee *t)
{
	size_t size = hidden_size(t);
	u32 result = 0;
	void *data;
	int ret;

	if (!size)
		return -ENOENT;
	data = vzalloc(size);
	if (!data)
		return -ENOMEM;
	ret = read_dump(t, data, &size, &result);
	if (!ret) {
		t->dump = data;
		t->dump_size = size;
		return 0;
	}
	vfree(data);
	dev_info(t->dev, "the TEE gives no dump of the processor's own memory: %d (TEE result %#x)\n",
		 ret, result);
	return ret;
}
