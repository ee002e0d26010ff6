// SPDX-License-Identifier: GPL-2.0-only
/*
 * The service on the TEE bus: it is asked which processors there are, and each
 * becomes a device. Nothing waits for the service: it is there when the TEE's
 * driver has found it, and absent.c says so when it does not come.
 */
#include <linux/module.h>
#include <linux/of.h>
#include <linux/slab.h>
#include <linux/tee_drv.h>

#include "rproc_tee.h"

struct rproc_tee_service {
	struct tee_context *ctx;
	bool full;
	bool has_node;
	int count;
	struct rproc_tee_processor *processor[RPROC_TEE_PROCESSORS];
};

static int match_tee(struct tee_ioctl_version_data *version, const void *data)
{
	return version->impl_id == TEE_IMPL_ID_OPTEE;
}

static void processor_release(struct device *dev)
{
	of_node_put(dev->of_node);
	kfree(to_rproc_tee_processor(dev));
}

/* Who manages a processor is said by both; it must be the same. */
static int check_ownership(struct device *dev, const char *name,
			   struct device_node *np, u32 ownership)
{
	u32 in_tree;

	if (ownership > PIL_TEE_SECURE_ONLY) {
		dev_err(dev, "%s: ownership %u is unknown\n", name, ownership);
		return -EPROTO;
	}
	if (!np)
		return 0;
	in_tree = rproc_tee_node_ownership(np);
	if (in_tree == ownership)
		return 0;
	dev_err(dev, "%s: managed by \"%s\" as the service has it, by \"%s\" as %pOF has it: left alone\n",
		name, rproc_tee_ownership_name(ownership),
		rproc_tee_ownership_name(in_tree), np);
	return -EINVAL;
}

static int add_device(struct device *dev, struct rproc_tee_processor *p,
		      struct device_node *np)
{
	int ret;

	p->adev.name = "processor";
	p->adev.id = p->id;
	p->adev.dev.parent = dev;
	p->adev.dev.release = processor_release;
	p->adev.dev.groups = rproc_tee_processor_groups;
	device_set_node(&p->adev.dev, of_fwnode_handle(of_node_get(np)));
	ret = auxiliary_device_init(&p->adev);
	if (ret) {
		of_node_put(np);
		kfree(p);
		return ret;
	}
	ret = auxiliary_device_add(&p->adev);
	if (ret)
		auxiliary_device_uninit(&p->adev);
	return ret;
}

static int add_processor(struct device *dev, struct rproc_tee_service *service,
			 const struct pil_tee_processor *from)
{
	struct rproc_tee_processor *p;
	struct device_node *np;
	int ret;

	if (!from->name[0] ||
	    strnlen(from->name, sizeof(from->name)) == sizeof(from->name)) {
		dev_err(dev, "processor %u has a bad name\n",
			le32_to_cpu(from->id));
		return -EPROTO;
	}
	p = kzalloc_obj(*p);
	if (!p)
		return -ENOMEM;
	p->ctx = service->ctx;
	p->id = le32_to_cpu(from->id);
	p->ownership = le32_to_cpu(from->ownership);
	p->full = service->full;
	strscpy(p->name, from->name);
	np = rproc_tee_node(dev->of_node, p->id, p->name);
	ret = check_ownership(dev, p->name, np, p->ownership);
	if (ret) {
		kfree(p);
	} else {
		dev_info(dev, "processor %u: %s, managed by: %s%s\n", p->id,
			 p->name, rproc_tee_ownership_name(p->ownership),
			 np ? "" : ", no node");
		ret = add_device(dev, p, np);
		if (!ret)
			service->processor[service->count++] = p;
	}
	of_node_put(np);
	return ret;
}

/*
 * Which processors there are: the service says it, or, one that knows only
 * commands 1 to 6, the device tree. No session stays: there may be only one.
 */
static int discover(struct device *dev, struct rproc_tee_service *service,
		    struct pil_tee_processor *processor)
{
	const struct tee_client_device *tee = to_tee_client_device(dev);
	u32 session;
	int ret;

	ret = rproc_tee_open(dev, service->ctx, &tee->id.uuid, NULL, &session);
	if (!ret) {
		ret = rproc_tee_get_processors(dev, service->ctx, session,
					       processor);
		tee_client_close_session(service->ctx, session);
		service->full = ret >= 0;
	}
	if (service->full)
		return ret;
	if (ret != -EINVAL && ret != -EOPNOTSUPP) {
		dev_err(dev, "the service does not say which processors it has: %d\n",
			ret);
		return ret;
	}
	if (!dev->of_node) {
		dev_err(dev, "neither the service nor a device tree says which processors there are\n");
		return -ENODEV;
	}
	dev_info(dev, "the service cannot be asked for its processors: they are taken from %pOF\n",
		 dev->of_node);
	return rproc_tee_node_ids(dev, dev->of_node, processor);
}

static void remove_all(struct rproc_tee_service *service)
{
	while (service->count) {
		struct rproc_tee_processor *p;

		p = service->processor[--service->count];
		auxiliary_device_delete(&p->adev);
		auxiliary_device_uninit(&p->adev);
	}
}

/* One that cannot be had does not keep the others away. */
static int add_all(struct device *dev, struct rproc_tee_service *service)
{
	struct pil_tee_processor *processor;
	int count, ret, first = 0, i;

	processor = kcalloc(RPROC_TEE_PROCESSORS, sizeof(*processor),
			    GFP_KERNEL);
	if (!processor)
		return -ENOMEM;
	count = discover(dev, service, processor);
	for (i = 0; i < count; i++) {
		ret = add_processor(dev, service, &processor[i]);
		first = first ?: ret;
	}
	rproc_tee_check_nodes(dev, dev->of_node, processor, max(count, 0));
	kfree(processor);
	if (count < 0)
		return count;
	if (!count)
		dev_warn(dev, "the service has no processor\n");
	return service->count ? 0 : first;
}

/* devices of the TEE bus come without a node */
static void add_node(struct device *dev, struct rproc_tee_service *service)
{
	struct device_node *np;

	np = rproc_tee_service_node();
	if (np && !dev->of_node)
		service->has_node = !device_add_of_node(dev, np);
	of_node_put(np);
}

static void close_service(struct device *dev,
			  struct rproc_tee_service *service)
{
	remove_all(service);
	tee_client_close_context(service->ctx);
	if (service->has_node)
		device_remove_of_node(dev);
}

static int rproc_tee_probe(struct tee_client_device *tee)
{
	struct device *dev = &tee->dev;
	struct rproc_tee_service *service;
	int ret;

	service = devm_kzalloc(dev, sizeof(*service), GFP_KERNEL);
	if (!service)
		return -ENOMEM;
	service->ctx = tee_client_open_context(NULL, match_tee, NULL, NULL);
	if (IS_ERR(service->ctx))
		return dev_err_probe(dev, PTR_ERR(service->ctx), "no TEE\n");
	dev_set_drvdata(dev, service);
	rproc_tee_present(true);
	add_node(dev, service);
	ret = add_all(dev, service);
	if (ret)
		close_service(dev, service);
	return ret;
}

static void rproc_tee_remove(struct tee_client_device *tee)
{
	rproc_tee_present(false);
	close_service(&tee->dev, dev_get_drvdata(&tee->dev));
}

static const struct tee_client_device_id ids[] = {
	{ UUID_INIT(0x80a4c275, 0x0a47, 0x4905,
		    0x82, 0x85, 0x14, 0x86, 0xa9, 0x77, 0x1a, 0x08) },
	{ }
};
MODULE_DEVICE_TABLE(tee, ids);

static struct tee_client_driver rproc_tee_driver = {
	.probe = rproc_tee_probe,
	.remove = rproc_tee_remove,
	.id_table = ids,
	.driver = {
		.name = KBUILD_MODNAME,
	},
};

static int __init rproc_tee_init(void)
{
	int ret;

	ret = auxiliary_driver_register(&rproc_tee_processor_driver);
	if (ret)
		return ret;
	ret = rproc_tee_absent_init();
	if (ret)
		goto unregister_processor;
	ret = tee_client_driver_register(&rproc_tee_driver);
	if (ret)
		goto exit_absent;
	return 0;

exit_absent:
	rproc_tee_absent_exit();
unregister_processor:
	auxiliary_driver_unregister(&rproc_tee_processor_driver);
	return ret;
}

/* Links to suppliers keep devices, and are released later by somebody else. */
static void __exit rproc_tee_exit(void)
{
	tee_client_driver_unregister(&rproc_tee_driver);
	rproc_tee_absent_exit();
	auxiliary_driver_unregister(&rproc_tee_processor_driver);
	device_link_wait_removal();
}

module_init(rproc_tee_init);
module_exit(rproc_tee_exit);
MODULE_DESCRIPTION("Remote processors of a TEE's remoteproc service");
MODULE_LICENSE("GPL");
