/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For drivers of cores that run authenticated firmware and are no remoteproc:
 * video, camera, the GPU's zap shader. A client is such a core; a stream is
 * one of the functions that its device node lists in iommu-map.
 *
 * Where the node has iommu-map, Linux owns the IOMMU: the firmware's stream,
 * and each other one, gets a domain of its own while the core is up. Where it
 * has none, a hypervisor maps what the core needs, and there are no streams.
 */
#ifndef PIL_CLIENT_H
#define PIL_CLIENT_H

#include <linux/types.h>

struct device;
struct pil_client_stream;
struct qcom_scm_pas_context;

/**
 * struct pil_client - a core that runs authenticated firmware
 * @dev:       its device
 * @pas_id:    its number in PAS calls
 * @remote_id: its number in SET_REMOTE_STATE
 * @firmware:  name of the image
 * @mem_phys:  its reserved memory
 * @mem_size:  bytes of that
 * @stream:    of the firmware; NULL: a hypervisor owns the IOMMU
 * @ctx:       the library's
 *
 * The caller fills all but @ctx, and calls the functions one at a time.
 */
struct pil_client {
	struct device *dev;
	u32 pas_id;
	u32 remote_id;
	const char *firmware;
	phys_addr_t mem_phys;
	size_t mem_size;
	struct pil_client_stream *stream;
	struct qcom_scm_pas_context *ctx;
};

/**
 * devm_pil_client_stream() - look up a stream of a device
 * @dev:      the device, whose node may have iommu-map
 * @function: id of the function in iommu-map
 * @name:     for messages and the name of the child device
 *
 * Return: the stream; NULL when the node has no iommu-map; ERR_PTR(-ENOENT)
 * when it has one without this function; other errors of the IOMMU's
 */
struct pil_client_stream *devm_pil_client_stream(struct device *dev,
						 u32 function,
						 const char *name);

/**
 * pil_client_stream_open() - attach an empty domain to a stream
 * @stream: the stream, or NULL: then nothing is done
 * Return: 0 or a negative error
 */
int pil_client_stream_open(struct pil_client_stream *stream);

/**
 * pil_client_stream_map() - let an open stream reach memory
 * @stream: the stream, or NULL: then nothing is done
 * @iova:   address that the core uses
 * @phys:   physical address
 * @size:   bytes
 * @prot:   IOMMU_READ and so on
 * Return: 0 or a negative error
 */
int pil_client_stream_map(struct pil_client_stream *stream, u64 iova,
			  phys_addr_t phys, size_t size, int prot);

/**
 * pil_client_stream_close() - take the domain away with all it maps
 * @stream: the stream, or NULL; open or not
 */
void pil_client_stream_close(struct pil_client_stream *stream);

/**
 * devm_pil_client_init() - prepare a client that has its fields
 * @client: the client
 * Return: 0 or a negative error
 */
int devm_pil_client_init(struct pil_client *client);

/**
 * pil_client_start() - load, authenticate and start the firmware
 * @client: the client
 * Return: 0; a negative error: nothing runs, and nothing stays mapped
 */
int pil_client_start(struct pil_client *client);

/**
 * pil_client_stop() - stop the core, whatever it is doing
 * @client: the client
 * Return: 0; a negative error: the core may run on, its stream stays as it is
 */
int pil_client_stop(struct pil_client *client);

/**
 * pil_client_power() - power collapse of a running core, and back
 * @client: the client
 * @on:     whether it is to go on
 * Return: 0; a negative error: it is as it was
 */
int pil_client_power(struct pil_client *client, bool on);

#endif
