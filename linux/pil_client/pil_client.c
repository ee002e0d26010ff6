// SPDX-License-Identifier: GPL-2.0-only
/*
 * Authenticated firmware for cores that are no remoteproc: see pil_client.h.
 */
#include <linux/dma-mapping.h>
#include <linux/firmware.h>
#include <linux/firmware/qcom/qcom_scm.h>
#include <linux/io.h>
#include <linux/iommu.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/of_device.h>
#include <linux/overflow.h>
#include <linux/platform_device.h>
#include <linux/rsc_table.h>
#include <linux/slab.h>
#include <linux/soc/qcom/mdt_loader.h>

#include "pil_client.h"

#define NAME_MAX_LEN	64
#define TABLE_VERSION	1

struct pil_client_stream {
	struct platform_device *child;
	struct iommu_domain *domain;
};

/* SCM calls hand the secure world's refusals on as positive numbers */
static int scm_result(int ret)
{
	return ret > 0 ? -EIO : ret;
}

static int check_function(struct device *dev, u32 function, const char *name)
{
	struct of_phandle_args args = { };
	int ret;

	ret = of_map_iommu_id(dev->of_node, function, &args);
	if (ret)
		return dev_err_probe(dev, ret, "%s: bad iommu-map\n", name);
	/* a function that the map does not list is no error there */
	if (!args.np)
		return dev_err_probe(dev, -ENOENT,
				     "%s: no function %u in iommu-map\n", name,
				     function);
	of_node_put(args.np);
	return 0;
}

static void stream_put(void *data)
{
	struct pil_client_stream *stream = data;

	pil_client_stream_close(stream);
	platform_device_unregister(stream->child);
}

/* a stream is a device for the IOMMU, and a domain belongs to a device */
static struct platform_device *add_child(struct device *dev, u32 function,
					 const char *name)
{
	struct platform_device_info info = {
		.parent = dev,
		.id = PLATFORM_DEVID_NONE,
		.dma_mask = DMA_BIT_MASK(32),
	};
	struct platform_device *child;
	char text[NAME_MAX_LEN];
	int ret;

	snprintf(text, sizeof(text), "%s.%s", dev_name(dev), name);
	info.name = text;
	child = platform_device_register_full(&info);
	if (IS_ERR(child))
		return child;
	ret = of_dma_configure_id(&child->dev, dev->of_node, true, &function);
	if (!ret && !device_iommu_mapped(&child->dev))
		ret = -ENODEV;
	if (!ret)
		return child;
	platform_device_unregister(child);
	return ERR_PTR(dev_err_probe(dev, ret, "%s: no IOMMU\n", name));
}

struct pil_client_stream *devm_pil_client_stream(struct device *dev,
						 u32 function,
						 const char *name)
{
	struct pil_client_stream *stream;
	int ret;

	if (!of_property_present(dev->of_node, "iommu-map"))
		return NULL;
	ret = check_function(dev, function, name);
	if (ret)
		return ERR_PTR(ret);
	stream = devm_kzalloc(dev, sizeof(*stream), GFP_KERNEL);
	if (!stream)
		return ERR_PTR(-ENOMEM);
	stream->child = add_child(dev, function, name);
	if (IS_ERR(stream->child))
		return ERR_CAST(stream->child);
	ret = devm_add_action_or_reset(dev, stream_put, stream);
	return ret ? ERR_PTR(ret) : stream;
}
EXPORT_SYMBOL_GPL(devm_pil_client_stream);

int pil_client_stream_open(struct pil_client_stream *stream)
{
	struct iommu_domain *domain;
	int ret;

	if (!stream)
		return 0;
	if (stream->domain)
		return -EBUSY;
	domain = iommu_paging_domain_alloc(&stream->child->dev);
	if (IS_ERR(domain))
		return PTR_ERR(domain);
	ret = iommu_attach_device(domain, &stream->child->dev);
	if (ret) {
		iommu_domain_free(domain);
		return ret;
	}
	stream->domain = domain;
	return 0;
}
EXPORT_SYMBOL_GPL(pil_client_stream_open);

int pil_client_stream_map(struct pil_client_stream *stream, u64 iova,
			  phys_addr_t phys, size_t size, int prot)
{
	u64 end;

	if (!stream)
		return 0;
	if (!size || check_add_overflow(iova, size - 1, &end) ||
	    check_add_overflow((u64)phys, size - 1, &end))
		return -ERANGE;
	return iommu_map(stream->domain, iova, phys, size, prot, GFP_KERNEL);
}
EXPORT_SYMBOL_GPL(pil_client_stream_map);

void pil_client_stream_close(struct pil_client_stream *stream)
{
	if (!stream || !stream->domain)
		return;
	iommu_detach_device(stream->domain, &stream->child->dev);
	iommu_domain_free(stream->domain);
	stream->domain = NULL;
}
EXPORT_SYMBOL_GPL(pil_client_stream_close);

static int map_entry(u32 type, void *rsc, int offset, int avail, void *data)
{
	struct pil_client *client = data;
	struct fw_rsc_devmem *mem = rsc;
	int ret;

	/* vendors' entries are for who wants them */
	if (type >= RSC_VENDOR_START && type <= RSC_VENDOR_END)
		return 0;
	if (type != RSC_DEVMEM) {
		dev_err(client->dev, "resource table: entry of type %u\n",
			type);
		return -EOPNOTSUPP;
	}
	if (avail < (int)sizeof(*mem) || mem->reserved) {
		dev_err(client->dev, "resource table: bad entry at %d\n",
			offset);
		return -EINVAL;
	}
	ret = pil_client_stream_map(client->stream, mem->da, mem->pa, mem->len,
				    mem->flags);
	if (ret)
		dev_err(client->dev, "resource table: %#x (+%#x): %d\n",
			mem->da, mem->len, ret);
	return ret;
}

/* the iterator trusts the header, and that the offsets are there */
static int check_table(struct device *dev, struct resource_table *table,
		       size_t size)
{
	if (size >= sizeof(*table) && table->ver == TABLE_VERSION &&
	    struct_size(table, offset, table->num) <= size)
		return 0;
	dev_err(dev, "resource table: bad header in %zu bytes\n", size);
	return -EINVAL;
}

static int map_resources(struct pil_client *client)
{
	struct resource_table *table;
	size_t size = 0;
	int ret;

	table = qcom_scm_pas_get_rsc_table(client->ctx, NULL, 0, &size);
	if (IS_ERR(table)) {
		dev_err(client->dev, "no resource table: %pe\n", table);
		return PTR_ERR(table);
	}
	ret = check_table(client->dev, table, size);
	if (!ret)
		ret = rsc_table_for_each_entry(table, size, client->dev,
					       map_entry, client);
	kfree(table);
	return ret;
}

/* what the firmware's stream leads to; a hypervisor knows by itself */
static int map_all(struct pil_client *client)
{
	int ret;

	if (!client->stream)
		return 0;
	ret = pil_client_stream_open(client->stream);
	if (ret)
		return ret;
	ret = map_resources(client);
	if (!ret)
		ret = pil_client_stream_map(client->stream, client->mem_phys,
					    client->mem_phys, client->mem_size,
					    IOMMU_READ | IOMMU_WRITE);
	if (ret)
		pil_client_stream_close(client->stream);
	return ret;
}

/* nobody's mapping stays: the memory is out of reach once the core runs */
static int load(struct pil_client *client)
{
	const struct firmware *fw;
	phys_addr_t reloc;
	void *memory;
	int ret;

	ret = request_firmware(&fw, client->firmware, client->dev);
	if (ret)
		return ret;
	memory = memremap(client->mem_phys, client->mem_size, MEMREMAP_WC);
	if (memory) {
		ret = scm_result(qcom_mdt_pas_load(client->ctx, fw,
						   client->firmware, memory,
						   &reloc));
		memunmap(memory);
	} else {
		ret = -ENOMEM;
	}
	release_firmware(fw);
	return ret;
}

int devm_pil_client_init(struct pil_client *client)
{
	client->ctx = devm_qcom_scm_pas_context_alloc(client->dev,
						      client->pas_id,
						      client->mem_phys,
						      client->mem_size);
	if (IS_ERR(client->ctx))
		return PTR_ERR(client->ctx);
	if (!client->ctx)
		return -ENOMEM;
	/*
	 * Bridged buffers, where the kernel makes bridges. A hypervisor
	 * makes them itself, over memory that is in none yet.
	 */
	client->ctx->use_tzmem = client->stream;
	return 0;
}
EXPORT_SYMBOL_GPL(devm_pil_client_init);

int pil_client_start(struct pil_client *client)
{
	int ret;

	ret = map_all(client);
	if (ret)
		return ret;
	ret = load(client);
	if (!ret)
		ret = scm_result(
			qcom_scm_pas_prepare_and_auth_reset(client->ctx));
	qcom_scm_pas_metadata_release(client->ctx);
	if (ret) {
		dev_err(client->dev, "%s was not started: %d\n",
			client->firmware, ret);
		/* of what was refused half way, too */
		qcom_scm_pas_shutdown(client->pas_id);
		pil_client_stream_close(client->stream);
	}
	return ret;
}
EXPORT_SYMBOL_GPL(pil_client_start);

int pil_client_stop(struct pil_client *client)
{
	int ret;

	ret = scm_result(qcom_scm_pas_shutdown(client->pas_id));
	if (ret) {
		dev_err(client->dev, "was not stopped: %d\n", ret);
		return ret;
	}
	pil_client_stream_close(client->stream);
	return 0;
}
EXPORT_SYMBOL_GPL(pil_client_stop);

int pil_client_power(struct pil_client *client, bool on)
{
	int ret;

	ret = scm_result(qcom_scm_set_remote_state(on, client->remote_id));
	if (ret)
		dev_err(client->dev, "was not %s: %d\n",
			on ? "resumed" : "suspended", ret);
	return ret;
}
EXPORT_SYMBOL_GPL(pil_client_power);

MODULE_DESCRIPTION("Authenticated firmware for cores outside remoteproc");
MODULE_LICENSE("GPL");
