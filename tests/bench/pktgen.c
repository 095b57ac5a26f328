/* SPDX-License-Identifier: BSD-2-Clause */
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "end.h"
#include "pktgen.h"

#define PORT 1024u	/* of UDP, the first stream's */

static void command(const char *file, const char *format, ...)
{
	char path[64], text[64];
	va_list args;
	int fd, len;

	va_start(args, format);
	len = vsnprintf(text, sizeof(text) - 1, format, args);
	va_end(args);
	text[len++] = '\n';
	snprintf(path, sizeof(path), "/proc/net/pktgen/%s", file);
	fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, text, (size_t)len) != len)
		die(path);
	close(fd);
}

static void set_mac(const char *dev, const char *which, const uint8_t mac[6])
{
	command(dev, "%s %02x:%02x:%02x:%02x:%02x:%02x", which, mac[0], mac[1],
		mac[2], mac[3], mac[4], mac[5]);
}

void pktgen_setup(const char *dev, const struct pktgen *p)
{
	command("kpktgend_0", "rem_device_all");
	command("kpktgend_0", "add_device %s", dev);
	command(dev, "pkt_size %u", p->len);
	command(dev, "count %u", p->count);
	command(dev, "clone_skb 0");
	command(dev, "delay 0");
	set_mac(dev, "dst_mac", p->dst);
	set_mac(dev, "src_mac", p->src);
	command(dev, "src_mac_count %u", p->streams);
	command(dev, "udp_src_min %u", PORT);
	command(dev, "udp_src_max %u", PORT + p->streams);
	if (!p->burst)
		return;
	command(dev, "xmit_mode netif_receive");
	command(dev, "burst %u", p->burst);
}

/* "Result: OK: 1234(c1200+d34) usec, ..." */
double pktgen_run(const char *dev)
{
	char path[64], line[512];
	double usec = -1;
	FILE *f;

	command("pgctrl", "start");
	snprintf(path, sizeof(path), "/proc/net/pktgen/%s", dev);
	f = fopen(path, "r");
	if (!f)
		die(path);
	while (fgets(line, sizeof(line), f))
		if (!strncmp(line, "Result: OK: ", 12))
			usec = atof(line + 12);
	fclose(f);
	if (usec < 0)
		die("no result of pktgen");
	return usec * 1000;
}
