/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* PCI devices by which a hypervisor passes netmap ports through to guests. */
#ifndef _NET_NETMAP_VIRT_H_
#define _NET_NETMAP_VIRT_H_

#define PTNETMAP_MEMDEV_NAME		"ptnetmap-memdev"
#define PTNETMAP_PCI_VENDOR_ID		0x1b36
#define PTNETMAP_PCI_DEVICE_ID		0x000c	/* shared memory */
#define PTNETMAP_PCI_NETIF_ID		0x000d	/* network interface */
#define PTNETMAP_IO_PCI_BAR		0
#define PTNETMAP_MEM_PCI_BAR		1
#define PTNETMAP_MSIX_PCI_BAR		2

/* registers of the memory device */
#define PTNET_MDEV_IO_MEMSIZE_LO	0
#define PTNET_MDEV_IO_MEMSIZE_HI	4
#define PTNET_MDEV_IO_MEMID		8
#define PTNET_MDEV_IO_IF_POOL_OFS	64
#define PTNET_MDEV_IO_IF_POOL_OBJNUM	68
#define PTNET_MDEV_IO_IF_POOL_OBJSZ	72
#define PTNET_MDEV_IO_RING_POOL_OFS	76
#define PTNET_MDEV_IO_RING_POOL_OBJNUM	80
#define PTNET_MDEV_IO_RING_POOL_OBJSZ	84
#define PTNET_MDEV_IO_BUF_POOL_OFS	88
#define PTNET_MDEV_IO_BUF_POOL_OBJNUM	92
#define PTNET_MDEV_IO_BUF_POOL_OBJSZ	96
#define PTNET_MDEV_IO_END		100

/* PTNET_IO_PTFEAT */
#define PTNETMAP_F_VNET_HDR		1

/* registers of the network interface */
#define PTNET_IO_PTFEAT			0
#define PTNET_IO_PTCTL			4
#define PTNET_IO_MAC_LO			8
#define PTNET_IO_MAC_HI			12
#define PTNET_IO_CSBBAH			16
#define PTNET_IO_CSBBAL			20
#define PTNET_IO_NIFP_OFS		24
#define PTNET_IO_NUM_TX_RINGS		28
#define PTNET_IO_NUM_RX_RINGS		32
#define PTNET_IO_NUM_TX_SLOTS		36
#define PTNET_IO_NUM_RX_SLOTS		40
#define PTNET_IO_VNET_HDR_LEN		44
#define PTNET_IO_HOSTMEMID		48
#define PTNET_IO_CSB_GH_BAH		52
#define PTNET_IO_CSB_GH_BAL		56
#define PTNET_IO_CSB_HG_BAH		60
#define PTNET_IO_CSB_HG_BAL		64
#define PTNET_IO_END			68
#define PTNET_IO_KICK_BASE		128
#define PTNET_IO_MASK			0xff

/* PTNET_IO_PTCTL */
#define PTNETMAP_PTCTL_CREATE		1
#define PTNETMAP_PTCTL_DELETE		2

#endif /* _NET_NETMAP_VIRT_H_ */
