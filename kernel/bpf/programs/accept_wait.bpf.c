// Times how long connections wait in accept queues: from the end of the handshake, which puts them
// there, until a program has accepted them.
#include "kernel/bpf/programs/kernel_types.h"

#include "kernel/bpf/programs/accept_queue.h"
#include "kernel/bpf/programs/bins.h"
#include "kernel/bpf/programs/layouts.h"

#define TCP_CLOSE 7
#define S_IFMT 0170000
#define S_IFSOCK 0140000

extern void* bpf_rdonly_cast(const void* object, __u32 type) __ksym __weak;

const volatile struct netstack_accept_config config = {};
struct netstack_accept_settings settings = {};

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct netstack_accept_row);
} accept_rows SEC(".maps");

struct waiting_since {
  __u64 at;
  __u64 group;
};
// By the connection's address in the kernel.
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, NETSTACK_ACCEPT_WAITING);
  __type(key, __u64);
  __type(value, struct waiting_since);
} waiting SEC(".maps");

static __always_inline struct netstack_accept_row* own_row(void) {
  const __u32 key = bpf_get_smp_processor_id();
  return bpf_map_lookup_elem(&accept_rows, &key);
}

static __always_inline int becomes_ready(const struct sock* sk) {
  if (sk->__sk_common.skc_net.net->ns.inum != config.netns) return 0;
  const __u32 group = settings.in[sk->__sk_common.skc_num];
  if (!group) return 0;
  const __u64 key = (__u64)sk;
  const struct waiting_since since = {.at = bpf_ktime_get_ns(), .group = group};
  if (bpf_map_update_elem(&waiting, &key, &since, BPF_ANY) == 0) return 0;
  struct netstack_accept_row* row = own_row();
  if (row) __sync_fetch_and_add(&row->lost, 1);
  return 0;
}

// One that ends before it was accepted is forgotten.
SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(accept_ready, const struct sock* sk, int from, int to) {
  if (enters_accept_queue(sk, from, to)) return becomes_ready(sk);
  if (to != TCP_CLOSE) return 0;
  const __u64 key = (__u64)sk;
  bpf_map_delete_elem(&waiting, &key);
  return 0;
}

static __always_inline int is_accepted(__u64 connection) {
  const struct waiting_since* found = bpf_map_lookup_elem(&waiting, &connection);
  if (!found) return 0;
  const struct waiting_since since = *found;
  bpf_map_delete_elem(&waiting, &connection);
  struct netstack_accept_row* row = own_row();
  if (!row) return 0;
  const __u64 wait = bpf_ktime_get_ns() - since.at;
  struct netstack_times* times = &row->waits[since.group % NETSTACK_PEAK_GROUPS];
  const __u64 units = (wait + (1 << NETSTACK_ACCEPT_SHIFT) - 1) >> NETSTACK_ACCEPT_SHIFT;
  __sync_fetch_and_add(&times->bins[bin_of(units, NETSTACK_TIME_BINS - 1)], 1);
  __sync_fetch_and_add(&times->sum, wait);
  return 0;
}

// What accept() gives, whatever its arguments: since Linux 5.17.
SEC("fexit/inet_csk_accept")
int accepted(__u64* context) {
  __u64 connection = 0;
  if (bpf_get_func_ret(context, &connection) != 0) return 0;
  return connection ? is_accepted(connection) : 0;
}

// Behind its arguments, of which there were four until Linux 6.9.
SEC("fexit/inet_csk_accept")
int accepted_of_four(__u64* context) {
  const __u64 connection = context[4];
  return connection ? is_accepted(connection) : 0;
}

static __always_inline __s64 number_of_call(const struct pt_regs* registers) {
  if (bpf_core_field_exists(registers->orig_ax)) return registers->orig_ax;
  const struct pt_regs___arm64* other = (const struct pt_regs___arm64*)registers;
  if (bpf_core_field_exists(other->syscallno)) return other->syscallno;
  return -1;
}

// The file that a descriptor of the running program means, as far as it is a socket.
static __always_inline __u64 connection_of(__u64 descriptor) {
  const struct task_struct* task = (const struct task_struct*)bpf_get_current_task_btf();
  const struct fdtable* table = task->files->fdt;
  if (descriptor >= table->max_fds) return 0;
  const __u64 place = (__u64)table->fd + descriptor * sizeof(void*);
  // Any structure that begins with a pointer.
  const struct list_head* entry =
      bpf_rdonly_cast((const void*)place, bpf_core_type_id_kernel(struct list_head));
  const struct file* file = bpf_rdonly_cast(entry->next, bpf_core_type_id_kernel(struct file));
  if ((file->f_inode->i_mode & S_IFMT) != S_IFSOCK) return 0;
  const struct socket* socket =
      bpf_rdonly_cast(file->private_data, bpf_core_type_id_kernel(struct socket));
  return (__u64)socket->sk;
}

// At the end of every system call of the machine, where nothing better is there. Does not see what
// io_uring accepts.
SEC("tp_btf/sys_exit")
int BPF_PROG(accepted_by_call, struct pt_regs* registers, long result) {
  if (result < 0) return 0;
  const __s64 number = number_of_call(registers);
  if (number != config.accept && number != config.accept4) return 0;
  const __u64 connection = connection_of(result);
  return connection ? is_accepted(connection) : 0;
}

// The kernel shows its structures to programs with such a licence only.
char license_of_program[] SEC("license") = "Dual BSD/GPL";
