// The kernel's structures as far as the programs read them. Their members are found by name when a
// program is loaded (CO-RE), so order and size here mean nothing.
#pragma once

typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef int __s32;
typedef unsigned long long __u64;
typedef long long __s64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u32 __wsum;

enum bpf_map_type { BPF_MAP_TYPE_HASH = 1, BPF_MAP_TYPE_ARRAY = 2 };
enum { BPF_ANY = 0, BPF_NOEXIST = 1, BPF_F_MMAPABLE = 1 << 10 };
enum bpf_func_id { BPF_FUNC_get_current_task_btf = 158 };  // To ask whether the kernel has it.

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct ns_common {
  unsigned int inum;
};

struct net {
  struct ns_common ns;
};

typedef struct {
  struct net* net;
} possible_net_t;

struct net_device {
  int ifindex;
  unsigned short hard_header_len;
  possible_net_t nd_net;
};

struct dst_entry {
  struct net_device* dev;
};

struct in6_addr {
  union {
    __u8 u6_addr8[16];
    __be32 u6_addr32[4];
  } in6_u;
};

struct rb_node;
struct rb_root {
  struct rb_node* rb_node;
};

struct sock_common {
  unsigned int skc_hash;
  __be32 skc_daddr;
  __be32 skc_rcv_saddr;
  __u32 skc_portpair;  // The two below, as one.
  __be16 skc_dport;
  __u16 skc_num;
  unsigned short skc_family;
  unsigned char skc_state;
  possible_net_t skc_net;
  struct in6_addr skc_v6_daddr;
  struct in6_addr skc_v6_rcv_saddr;
};

typedef struct {
  int counter;
} atomic_t;

struct sock {
  struct sock_common __sk_common;
  struct {
    atomic_t rmem_alloc;
  } sk_backlog;
  int sk_rcvbuf;
  int sk_rcvlowat;
  int sk_sndbuf;
  int sk_wmem_queued;
  __u16 sk_protocol;
  __u32 sk_ack_backlog;
  __u32 sk_max_ack_backlog;
  struct socket* sk_socket;  // Null: nobody has accepted it.
};

struct socket {
  struct sock* sk;
};

struct inet_sock {
  struct sock sk;
};

struct request_sock_queue {
  atomic_t qlen;
};

struct inet_connection_sock {
  struct inet_sock icsk_inet;
  struct request_sock_queue icsk_accept_queue;
};

struct tcp_sock {
  struct inet_connection_sock inet_conn;
  __be32 pred_flags;
  __u32 rcv_nxt;
  __u32 copied_seq;
  __u32 snd_una;
  __u32 snd_nxt;
  __u32 write_seq;
  __u32 rcv_wnd;
  __u32 rcv_wup;
  struct rb_root out_of_order_queue;
  __u64 bytes_received;
  __u64 bytes_sent;
  __u64 bytes_retrans;
  __u32 srtt_us;
  __u32 snd_cwnd;
  __u32 total_retrans;
  __u32 chrono_start;
  __u32 chrono_stat[3];
  __u8 chrono_type : 2;
};

struct inet_timewait_sock {
  unsigned char tw_substate;
};

struct tcp_timewait_sock {
  struct inet_timewait_sock tw_sk;
};

struct bpf_iter_meta {
  struct seq_file* seq;
};

struct bpf_iter__tcp {
  struct bpf_iter_meta* meta;
  struct sock_common* sk_common;
};

struct sk_buff {
  struct sock* sk;
  struct net_device* dev;
  int skb_iif;
  unsigned long _skb_refdst;  // Its route: a dst_entry, and flags in the low bits.
  char cb[48];
  __u16 mac_header;  // Counted from head.
  unsigned char* head;
  unsigned char* data;
  unsigned int truesize;
};

// What TCP keeps in sk_buff.cb.
struct tcp_skb_cb {
  __u32 seq;
  __u32 end_seq;
  __u8 tcp_flags;
};

struct list_head {
  struct list_head* next;
};

struct inode {
  unsigned short i_mode;
};

struct file {
  void* private_data;  // Of a socket: its struct socket.
  struct inode* f_inode;
};

struct fdtable {
  unsigned int max_fds;
  struct file** fd;
};

struct files_struct {
  struct fdtable* fdt;
};

struct task_struct {
  unsigned int flags;
  char comm[16];
  struct files_struct* files;
};

// Where the number of a system call is.
struct pt_regs {
  unsigned long orig_ax;
};
struct pt_regs___arm64 {
  int syscallno;
};

struct napi_struct {
  struct net_device* dev;
  unsigned int napi_id;
};

struct irqaction;

#pragma clang attribute pop

#include <bpf/bpf_helpers.h>
// After what it refers to.
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
