// SPDX-License-Identifier: BSD-2-Clause
// Ports with a virtio-net header.
//   nmheader set PORT LENGTH       nmheader get PORT
//   nmheader cut KIND SIZE FROM TO
//       sends one packet with SIZE bytes of payload, its checksum and segmentation left to do, KIND
//       tcp4, tcp6, udp4 or udp6, from a port whose header has 12 bytes to one without; verifies
//       each frame of it, byte by byte; prints their number
//   nmheader udp PORT MAC FROM-ADDRESS TO-ADDRESS SIZE GSO
//       sends one datagram through a port whose header has 12 bytes, checksum left to do; GSO not
//       0: to be cut into such of GSO bytes
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nm.h"

enum {
  HEADER = 12,
  L3 = 14,
  MSS = 1000,
  PORTS = 0x10e10009,  // to the port of discard
  NEEDS_CSUM = 1,
  GSO_TCP4 = 1,
  GSO_UDP = 3,
  GSO_TCP6 = 4,
  PACKET_MAX = 65536
};

struct kind {
  const char* name;
  uint8_t gso;
  bool v6;
  bool tcp;
};

static const struct kind kinds[] = {
    {"tcp4", GSO_TCP4, false, true},
    {"tcp6", GSO_TCP6, true, true},
    {"udp4", GSO_UDP, false, false},
    {"udp6", GSO_UDP, true, false},
};

struct packet {
  struct kind kind;
  uint32_t l4;    // offset
  uint32_t head;  // bytes of all headers
  uint32_t size;  // bytes of the frame
  uint8_t bytes[HEADER + PACKET_MAX];
};

static void put16(uint8_t* to, uint32_t v) {
  to[0] = (uint8_t)(v >> 8);
  to[1] = (uint8_t)v;
}

static void put32(uint8_t* to, uint32_t v) {
  put16(to, v >> 16);
  put16(to + 2, v & 0xffff);
}

static uint32_t get16(const uint8_t* from) {
  return (uint32_t)from[0] << 8 | from[1];
}

static uint32_t get32(const uint8_t* from) {
  return get16(from) << 16 | get16(from + 2);
}

// Of big-endian words, folded.
static uint32_t sum(uint32_t start, const uint8_t* from, uint32_t len) {
  uint64_t all = start;

  for (uint32_t i = 0; i < len; i++) all += i & 1 ? from[i] : (uint32_t)from[i] << 8;
  while (all >> 16) all = (all & 0xffff) + (all >> 16);
  return (uint32_t)all;
}

static uint32_t pseudo_sum(const struct packet* p, const uint8_t* ip, uint32_t l4_len) {
  uint32_t proto = p->kind.tcp ? 6 : 17;

  return sum(proto + (l4_len >> 16) + (l4_len & 0xffff), ip + (p->kind.v6 ? 8 : 12),
             p->kind.v6 ? 32 : 8);
}

static uint8_t payload_byte(uint32_t i) {
  return (uint8_t)(i * 13 + (i >> 8));
}

static void write_ip(struct packet* p, uint8_t* ip, const char* from, const char* to) {
  uint32_t len = p->size - L3;

  if (p->kind.v6) {
    ip[0] = 0x60;
    put16(ip + 4, len - 40);
    ip[6] = p->kind.tcp ? 6 : 17;
    ip[7] = 64;
    if (inet_pton(AF_INET6, from, ip + 8) != 1 || inet_pton(AF_INET6, to, ip + 24) != 1)
      nm_fail("no IPv6 address: %s %s", from, to);
    return;
  }
  ip[0] = 0x45;
  put16(ip + 2, len);
  put16(ip + 4, 0xffff);
  put16(ip + 6, 0x4000);
  ip[8] = 64;
  ip[9] = p->kind.tcp ? 6 : 17;
  if (inet_pton(AF_INET, from, ip + 12) != 1 || inet_pton(AF_INET, to, ip + 16) != 1)
    nm_fail("no IPv4 address: %s %s", from, to);
  put16(ip + 10, ~sum(0, ip, 20));
}

static void write_l4(struct packet* p, uint8_t* l4) {
  put32(l4, PORTS);
  if (!p->kind.tcp) {
    put16(l4 + 4, p->size - p->l4);
    return;
  }
  put32(l4 + 4, 0xfffffe00);
  l4[12] = 0x50;
  l4[13] = 0x99;  // CWR ACK PSH FIN
}

static void write_packet(struct packet* p, const char* from, const char* to, uint32_t payload,
                         uint32_t gso) {
  static const uint8_t src[6] = {2, 0, 0, 0, 0, 1};
  struct {
    uint8_t flags, gso_type;
    uint16_t hdr_len, gso_size, csum_start, csum_offset, num_buffers;
  } header = {.flags = NEEDS_CSUM};
  uint8_t* frame = p->bytes + HEADER;

  p->l4 = L3 + (p->kind.v6 ? 40 : 20);
  p->head = p->l4 + (p->kind.tcp ? 20 : 8);
  p->size = p->head + payload;
  if (p->size > PACKET_MAX) nm_fail("%u bytes are too many", payload);
  header.gso_type = gso != 0 ? p->kind.gso : 0;
  header.gso_size = (uint16_t)gso;
  header.csum_start = (uint16_t)p->l4;
  header.csum_offset = p->kind.tcp ? 16 : 6;
  memcpy(p->bytes, &header, HEADER);
  memcpy(frame + 6, src, sizeof(src));
  put16(frame + 12, p->kind.v6 ? 0x86dd : 0x0800);
  write_ip(p, frame + L3, from, to);
  write_l4(p, frame + p->l4);
  put16(frame + p->l4 + header.csum_offset, pseudo_sum(p, frame + L3, p->size - p->l4));
  for (uint32_t i = 0; i < payload; i++) frame[p->head + i] = payload_byte(i);
}

static void send_packet(struct nm_port* port, const struct packet* p) {
  struct netmap_ring* ring = port->tx[0];
  uint32_t size = HEADER + p->size, done = 0;

  while (done < size) {
    struct netmap_slot* slot = &ring->slot[ring->head];
    uint32_t n = size - done < ring->nr_buf_size ? size - done : ring->nr_buf_size;

    memcpy(NETMAP_BUF(ring, slot->buf_idx), p->bytes + done, n);
    done += n;
    slot->len = (uint16_t)n;
    slot->flags = done < size ? NS_MOREFRAG : 0;
    ring->head = ring->cur = nm_ring_next(ring, ring->head);
  }
  if (nm_txsync(port) != 0) nm_fail("NIOCTXSYNC: %s", strerror(errno));
}

static int header_request(const char* name, uint16_t type, uint32_t* length) {
  struct nmreq_port_hdr body = {.nr_hdr_len = *length};
  int fd = open(NETMAP_DEVICE_NAME, O_RDWR), err;

  if (fd < 0) nm_fail("%s: %s", NETMAP_DEVICE_NAME, strerror(errno));
  err = nm_request_simple(fd, type, name, &body);
  *length = body.nr_hdr_len;
  close(fd);
  return err;
}

static void open_with_header(const char* text, struct nm_port* port) {
  uint32_t length = HEADER;
  struct nm_spec spec;
  const char* why;
  int err;

  if (nm_parse(text, &spec, &why) != 0) nm_fail("%s: %s", text, why);
  spec.flags |= NR_ACCEPT_VNET_HDR;
  err = nm_open(&spec, port);
  if (err == 0) err = header_request(spec.name, NETMAP_REQ_PORT_HDR_SET, &length);
  if (err != 0) nm_fail("%s: %s", text, strerror(err));
}

// Frame k, behind `done` bytes of payload, which it goes on with; returns its own.
static uint32_t check_frame(const struct packet* p, const uint8_t* frame, uint32_t len, uint32_t k,
                            uint32_t done) {
  const uint8_t *ip = frame + L3, *l4 = frame + p->l4, *sent = p->bytes + HEADER;
  uint32_t rest = p->size - p->head - done, want = rest < MSS ? rest : MSS;
  bool last = rest <= MSS;

  if (len != p->head + want) nm_fail("frame %u has %u bytes", k, len);
  if (memcmp(frame, sent, L3) != 0) nm_fail("frame %u: Ethernet header", k);
  if (p->kind.v6 ? get16(ip + 4) != len - L3 - 40 : get16(ip + 2) != len - L3)
    nm_fail("frame %u: IP length", k);
  if (!p->kind.v6 && (get16(ip + 4) != ((0xffff + k) & 0xffff) || sum(0, ip, 20) != 0xffff))
    nm_fail("frame %u: IPv4 id or checksum", k);
  if (sum(pseudo_sum(p, ip, len - p->l4), l4, len - p->l4) != 0xffff)
    nm_fail("frame %u: checksum", k);
  if (p->kind.tcp && get32(l4 + 4) != 0xfffffe00 + done) nm_fail("frame %u: sequence", k);
  if (p->kind.tcp && l4[13] != (0x10 | (k == 0 ? 0x80 : 0) | (last ? 0x09 : 0)))
    nm_fail("frame %u: flags %#x", k, l4[13]);
  if (!p->kind.tcp && get16(l4 + 4) != len - p->l4) nm_fail("frame %u: UDP length", k);
  for (uint32_t i = 0; i < want; i++)
    if (frame[p->head + i] != payload_byte(done + i)) nm_fail("frame %u: payload", k);
  return want;
}

static int cut(char** argv) {
  static struct packet p;
  uint32_t done = 0, frames = 0, payload = (uint32_t)atoi(argv[1]);
  struct nm_port from, to;
  struct netmap_ring* ring;

  for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
    if (strcmp(kinds[i].name, argv[0]) == 0) p.kind = kinds[i];
  if (p.kind.name == NULL) nm_fail("no such kind: %s", argv[0]);
  open_with_header(argv[2], &from);
  nm_open_or_exit(argv[3], &to);
  memset(p.bytes + HEADER, 0xff, 6);
  write_packet(&p, p.kind.v6 ? "fd00::1" : "10.0.0.1", p.kind.v6 ? "fd00::2" : "10.0.0.2", payload,
               MSS);
  send_packet(&from, &p);
  ring = to.rx[0];
  if (nm_rxsync(&to) != 0) nm_fail("NIOCRXSYNC: %s", strerror(errno));
  for (; ring->head != ring->tail; ring->head = ring->cur = nm_ring_next(ring, ring->head)) {
    const struct netmap_slot* slot = &ring->slot[ring->head];

    done +=
        check_frame(&p, (const uint8_t*)NETMAP_BUF(ring, slot->buf_idx), slot->len, frames++, done);
  }
  if (frames != 0 && done != payload) nm_fail("%u bytes of payload came", done);
  printf("%u\n", frames);
  return NM_OK;
}

static int udp(char** argv) {
  static struct packet p = {.kind = {"udp4", GSO_UDP, false, false}};
  uint8_t* mac = p.bytes + HEADER;
  struct nm_port port;

  if (sscanf(argv[1], "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &mac[0], &mac[1], &mac[2], &mac[3], &mac[4],
             &mac[5]) != 6)
    nm_fail("no address: %s", argv[1]);
  p.kind.v6 = strchr(argv[2], ':') != NULL;
  open_with_header(argv[0], &port);
  write_packet(&p, argv[2], argv[3], (uint32_t)atoi(argv[4]), (uint32_t)atoi(argv[5]));
  send_packet(&port, &p);
  return NM_OK;
}

static int set_or_get(const char* name, const char* wanted) {
  uint32_t length = wanted != NULL ? (uint32_t)atoi(wanted) : 0;
  int err = header_request(name, wanted != NULL ? NETMAP_REQ_PORT_HDR_SET : NETMAP_REQ_PORT_HDR_GET,
                           &length);

  if (err != 0) nm_fail("%s: %s", name, strerror(err));
  if (wanted == NULL) printf("%u\n", length);
  return NM_OK;
}

static bool asks(int argc, char** argv, const char* verb, int count) {
  return argc == 2 + count && strcmp(argv[1], verb) == 0;
}

int main(int argc, char** argv) {
  if (asks(argc, argv, "set", 2)) return set_or_get(argv[2], argv[3]);
  if (asks(argc, argv, "get", 1)) return set_or_get(argv[2], NULL);
  if (asks(argc, argv, "cut", 4)) return cut(argv + 2);
  if (asks(argc, argv, "udp", 6)) return udp(argv + 2);
  fprintf(stderr,
          "usage: nmheader set PORT LENGTH | get PORT | cut KIND SIZE FROM TO | udp PORT MAC "
          "FROM-ADDRESS TO-ADDRESS SIZE GSO\n");
  return asks(argc, argv, "--help", 0) ? NM_OK : NM_USAGE;
}
