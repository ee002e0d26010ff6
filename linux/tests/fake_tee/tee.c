// SPDX-License-Identifier: GPL-2.0-only
/*
 * The TEE device: sessions, shared memory, and the service on the TEE bus.
 */
#include <linux/delay.h>
#include <linux/gfp.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/tee_core.h>

#include "fake_tee.h"

bool fake_upstream, fake_single, fake_dump, fake_events = true;
module_param_named(upstream, fake_upstream, bool, 0444);
MODULE_PARM_DESC(upstream, "commands 1 to 6 only");
module_param_named(single, fake_single, bool, 0444);
MODULE_PARM_DESC(single, "one session at a time");
module_param_named(dump, fake_dump, bool, 0644);
MODULE_PARM_DESC(dump, "memory of processors may be dumped");
module_param_named(events, fake_events, bool, 0444);
MODULE_PARM_DESC(events, "there is a service for events");

static bool with_service = true;
module_param_named(service, with_service, bool, 0444);
MODULE_PARM_DESC(service, "there is a remoteproc service");

struct fake fake;
static struct tee_device *device;
static struct tee_client_device *client;

static const uuid_t remoteproc_uuid =
	UUID_INIT(0x80a4c275, 0x0a47, 0x4905,
		  0x82, 0x85, 0x14, 0x86, 0xa9, 0x77, 0x1a, 0x08);
static const uuid_t other_uuid =
	UUID_INIT(0x00000000, 0x0a47, 0x4905,
		  0x82, 0x85, 0x14, 0x86, 0xa9, 0x77, 0x1a, 0x08);
static const uuid_t events_uuid =
	UUID_INIT(0x5c1f0c5e, 0x96f1, 0x4d5b,
		  0x9d, 0x0b, 0x31, 0xf4, 0xa1, 0xc6, 0xa7, 0xde);

static void get_version(struct tee_device *teedev,
			struct tee_ioctl_version_data *version)
{
	*version = (struct tee_ioctl_version_data){
		.impl_id = TEE_IMPL_ID_OPTEE,
		.gen_caps = TEE_GEN_CAP_GP | TEE_GEN_CAP_REG_MEM,
	};
}

static int open_context(struct tee_context *ctx)
{
	return 0;
}

static void release_context(struct tee_context *ctx)
{
}

static enum fake_service which(const u8 *bytes)
{
	uuid_t uuid;

	import_uuid(&uuid, bytes);
	if (uuid_equal(&uuid, &remoteproc_uuid))
		return FAKE_REMOTEPROC;
	if (uuid_equal(&uuid, &events_uuid) && fake_events)
		return FAKE_EVENTS;
	return FAKE_NONE;
}

static bool service_busy(void)
{
	int i;

	for (i = 0; fake_single && i < FAKE_SESSIONS; i++)
		if (fake.session[i].service == FAKE_REMOTEPROC)
			return true;
	return false;
}

/* session N + 1 is entry N */
static u32 add_session(enum fake_service service, u32 id, u32 *number)
{
	int i;

	if (service == FAKE_REMOTEPROC && service_busy())
		return FAKE_BUSY;
	for (i = 0; i < FAKE_SESSIONS; i++) {
		if (fake.session[i].service != FAKE_NONE)
			continue;
		fake.session[i].service = service;
		fake.session[i].id = id;
		*number = i + 1;
		return FAKE_SUCCESS;
	}
	return FAKE_BUSY;
}

/* what the real ones look at when a session is opened */
static u32 check_open(enum fake_service service, u32 login, u32 id)
{
	if (service == FAKE_NONE)
		return FAKE_ITEM_NOT_FOUND;
	if (login != TEE_IOCTL_LOGIN_REE_KERNEL)
		return FAKE_ACCESS_DENIED;
	if (service == FAKE_REMOTEPROC && fake_upstream && id == FAKE_NO_ID)
		return FAKE_BAD_PARAMETERS;
	if (id != FAKE_NO_ID && id >= FAKE_PROCESSORS)
		return FAKE_ITEM_NOT_FOUND;
	if (!fake.fail[0])
		return FAKE_SUCCESS;
	fake.fail[0]--;
	return fake.result[0];
}

static int open_session(struct tee_context *ctx,
			struct tee_ioctl_open_session_arg *arg,
			struct tee_param *param)
{
	enum fake_service service = which(arg->uuid);
	u32 id = FAKE_NO_ID;

	guard(mutex)(&fake.lock);
	arg->ret_origin = 4;
	if (arg->num_params && (param[0].attr & TEE_IOCTL_PARAM_ATTR_TYPE_MASK))
		id = param[0].u.value.a;
	arg->ret = check_open(service, arg->clnt_login, id);
	if (arg->ret == FAKE_SUCCESS)
		arg->ret = add_session(service, id, &arg->session);
	return 0;
}

static struct fake_session *get_session(u32 number)
{
	if (!number || number > FAKE_SESSIONS ||
	    fake.session[number - 1].service == FAKE_NONE)
		return NULL;
	return &fake.session[number - 1];
}

static int close_session(struct tee_context *ctx, u32 number)
{
	struct fake_session *session;

	guard(mutex)(&fake.lock);
	session = get_session(number);
	if (!session)
		return -EINVAL;
	session->service = FAKE_NONE;
	return 0;
}

/* whether the test wants this call to fail */
static bool to_fail(u32 func, u32 *result)
{
	guard(mutex)(&fake.lock);
	fake.calls[func]++;
	if (!fake.fail[func])
		return false;
	fake.fail[func]--;
	*result = fake.result[func];
	return true;
}

static int invoke_func(struct tee_context *ctx,
		       struct tee_ioctl_invoke_arg *arg,
		       struct tee_param *param)
{
	struct fake_session session;

	scoped_guard(mutex, &fake.lock) {
		if (!get_session(arg->session))
			return -EINVAL;
		session = *get_session(arg->session);
	}
	arg->ret_origin = 4;
	if (arg->func >= FAKE_COMMANDS || arg->num_params != 4) {
		arg->ret = FAKE_BAD_PARAMETERS;
		return 0;
	}
	if (session.service == FAKE_EVENTS) {
		arg->ret = fake_wait(&session, param);
		return 0;
	}
	msleep(fake.delay[arg->func]);
	if (to_fail(arg->func, &arg->ret))
		return 0;
	guard(mutex)(&fake.lock);
	arg->ret = fake_invoke(&session, arg->func, param);
	return 0;
}

static int shm_register(struct tee_context *ctx, struct tee_shm *shm,
			struct page **pages, size_t count, unsigned long start)
{
	atomic_inc(&fake.shown);
	return 0;
}

static int shm_unregister(struct tee_context *ctx, struct tee_shm *shm)
{
	atomic_dec(&fake.shown);
	return 0;
}

static const struct tee_driver_ops ops = {
	.get_version = get_version,
	.open = open_context,
	.release = release_context,
	.open_session = open_session,
	.close_session = close_session,
	.invoke_func = invoke_func,
	.shm_register = shm_register,
	.shm_unregister = shm_unregister,
};

static const struct tee_desc desc = {
	.name = "fake",
	.ops = &ops,
	.owner = THIS_MODULE,
};

static int pool_alloc(struct tee_shm_pool *pool, struct tee_shm *shm,
		      size_t size, size_t align)
{
	shm->kaddr = alloc_pages_exact(size, GFP_KERNEL | __GFP_ZERO);
	if (!shm->kaddr)
		return -ENOMEM;
	shm->paddr = virt_to_phys(shm->kaddr);
	shm->size = size;
	atomic_inc(&fake.shown);
	return 0;
}

static void pool_free(struct tee_shm_pool *pool, struct tee_shm *shm)
{
	free_pages_exact(shm->kaddr, shm->size);
	atomic_dec(&fake.shown);
}

static void pool_destroy(struct tee_shm_pool *pool)
{
}

static const struct tee_shm_pool_ops pool_ops = {
	.alloc = pool_alloc,
	.free = pool_free,
	.destroy_pool = pool_destroy,
};

static struct tee_shm_pool pool = { .ops = &pool_ops };

static void client_release(struct device *dev)
{
	kfree(to_tee_client_device(dev));
}

/* A TEE without the service has others. */
static int add_client(void)
{
	const uuid_t *uuid = with_service ? &remoteproc_uuid : &other_uuid;
	int ret;

	client = kzalloc_obj(*client);
	if (!client)
		return -ENOMEM;
	client->dev.bus = &tee_bus_type;
	client->dev.release = client_release;
	uuid_copy(&client->id.uuid, uuid);
	ret = dev_set_name(&client->dev, "optee-ta-%pUb", uuid);
	if (ret) {
		kfree(client);
		return ret;
	}
	ret = device_register(&client->dev);
	if (ret)
		put_device(&client->dev);
	return ret;
}

static int __init fake_tee_init(void)
{
	int ret;

	mutex_init(&fake.lock);
	init_waitqueue_head(&fake.changed);
	fake_service_init();
	ret = fake_remote_init();
	if (ret)
		return ret;
	device = tee_device_alloc(&desc, NULL, &pool, NULL);
	if (IS_ERR(device)) {
		ret = PTR_ERR(device);
		goto exit_remote;
	}
	ret = tee_device_register(device);
	if (!ret)
		ret = add_client();
	if (ret)
		goto unregister;
	fake_control_init();
	return 0;

unregister:
	tee_device_unregister(device);
exit_remote:
	fake_remote_exit();
	return ret;
}

static void __exit fake_tee_exit(void)
{
	fake_control_exit();
	device_unregister(&client->dev);
	tee_device_unregister(device);
	fake_remote_exit();
}

module_init(fake_tee_init);
module_exit(fake_tee_exit);
MODULE_DESCRIPTION("A TEE for tests of its clients");
MODULE_LICENSE("GPL");
