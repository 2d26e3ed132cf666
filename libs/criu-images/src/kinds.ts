// SPDX-License-Identifier: GPL-3.0-or-later
import type { MessageName } from './schema.ts';

interface KindSpec {
  /** File name; %d stands for a decimal number, %x for a hexadecimal one. */
  file: string;
  magic: number;
  message: MessageName;
  /** First message, when it is of another type than those that follow. */
  head?: MessageName;
}

/** First word of most images: the magic of their kind follows. inventory.img starts with its own magic at once. */
export const COMMON_MAGIC = 0x54564319;
/** The same for files that describe a run of CRIU and not a process. */
export const SERVICE_MAGIC = 0x55105940;

/**
 * The image files of CRIU 3.17.1 that consist of messages. What is not listed is opaque: pages-*, and the tables of
 * network namespaces, which are in the formats of ip and iptables.
 */
export const KINDS = {
  inventory: { file: 'inventory.img', magic: 0x58313116, message: 'inventory_entry' },
  pstree: { file: 'pstree.img', magic: 0x50273030, message: 'pstree_entry' },
  core: { file: 'core-%d.img', magic: 0x55053847, message: 'core_entry' },
  ids: { file: 'ids-%d.img', magic: 0x54432030, message: 'task_kobj_ids_entry' },
  mm: { file: 'mm-%d.img', magic: 0x57492820, message: 'mm_entry' },
  vmas: { file: 'vmas-%d.img', magic: 0x54123737, message: 'vma_entry' },
  pagemap: { file: 'pagemap-%d.img', magic: 0x56084025, head: 'pagemap_head', message: 'pagemap_entry' },
  'pagemap-shmem': {
    file: 'pagemap-shmem-%d.img',
    magic: 0x56084025,
    head: 'pagemap_head',
    message: 'pagemap_entry',
  },
  fs: { file: 'fs-%d.img', magic: 0x51403912, message: 'fs_entry' },
  creds: { file: 'creds-%d.img', magic: 0x54023547, message: 'creds_entry' },
  rlimit: { file: 'rlimit-%d.img', magic: 0x57113925, message: 'rlimit_entry' },
  sigacts: { file: 'sigacts-%d.img', magic: 0x55344201, message: 'sa_entry' },
  itimers: { file: 'itimers-%d.img', magic: 0x57464056, message: 'itimer_entry' },
  'posix-timers': { file: 'posix-timers-%d.img', magic: 0x52603957, message: 'posix_timer_entry' },
  seccomp: { file: 'seccomp.img', magic: 0x64413049, message: 'seccomp_entry' },
  cgroup: { file: 'cgroup.img', magic: 0x59383330, message: 'cgroup_entry' },
  timens: { file: 'timens-%d.img', magic: 0x43114433, message: 'timens_entry' },
  stats: { file: 'stats-%s', magic: 0x57093306, message: 'stats_entry' },
  'irmap-cache': { file: 'irmap-cache', magic: 0x57004059, message: 'irmap_cache_entry' },

  fdinfo: { file: 'fdinfo-%d.img', magic: 0x56213732, message: 'fdinfo_entry' },
  files: { file: 'files.img', magic: 0x56303138, message: 'file_entry' },
  'reg-files': { file: 'reg-files.img', magic: 0x50363636, message: 'reg_file_entry' },
  'ext-files': { file: 'ext-files.img', magic: 0x59255641, message: 'ext_file_entry' },
  'ns-files': { file: 'ns-files.img', magic: 0x61394011, message: 'ns_file_entry' },
  pipes: { file: 'pipes.img', magic: 0x56513555, message: 'pipe_entry' },
  'pipes-data': { file: 'pipes-data.img', magic: 0x56453709, message: 'pipe_data_entry' },
  fifo: { file: 'fifo.img', magic: 0x58364939, message: 'fifo_entry' },
  'fifo-data': { file: 'fifo-data.img', magic: 0x59333054, message: 'pipe_data_entry' },
  eventfd: { file: 'eventfd.img', magic: 0x44523722, message: 'eventfd_file_entry' },
  eventpoll: { file: 'eventpoll.img', magic: 0x45023858, message: 'eventpoll_file_entry' },
  'eventpoll-tfd': { file: 'eventpoll-tfd.img', magic: 0x44433746, message: 'eventpoll_tfd_entry' },
  signalfd: { file: 'signalfd.img', magic: 0x57323820, message: 'signalfd_entry' },
  timerfd: { file: 'timerfd.img', magic: 0x50493712, message: 'timerfd_entry' },
  inotify: { file: 'inotify.img', magic: 0x48424431, message: 'inotify_file_entry' },
  'inotify-wd': { file: 'inotify-wd.img', magic: 0x54562009, message: 'inotify_wd_entry' },
  fanotify: { file: 'fanotify.img', magic: 0x55096122, message: 'fanotify_file_entry' },
  'fanotify-mark': { file: 'fanotify-mark.img', magic: 0x56506035, message: 'fanotify_mark_entry' },
  tty: { file: 'tty.img', magic: 0x59433025, message: 'tty_file_entry' },
  'tty-info': { file: 'tty-info.img', magic: 0x59453036, message: 'tty_info_entry' },
  'tty-data': { file: 'tty-data.img', magic: 0x59413026, message: 'tty_data_entry' },
  filelocks: { file: 'filelocks.img', magic: 0x54323616, message: 'file_lock_entry' },
  'remap-fpath': { file: 'remap-fpath.img', magic: 0x59133954, message: 'remap_file_path_entry' },
  'ghost-file': {
    file: 'ghost-file-%x.img',
    magic: 0x52583605,
    head: 'ghost_file_entry',
    message: 'ghost_chunk_entry',
  },
  memfd: { file: 'memfd.img', magic: 0x48453499, message: 'memfd_inode_entry' },
  tunfile: { file: 'tunfile.img', magic: 0x57143751, message: 'tunfile_entry' },
  'bpfmap-file': { file: 'bpfmap-file.img', magic: 0x57506142, message: 'bpfmap_file_entry' },
  'bpfmap-data': { file: 'bpfmap-data.img', magic: 0x64324033, message: 'bpfmap_data_entry' },

  inetsk: { file: 'inetsk.img', magic: 0x56443851, message: 'inet_sk_entry' },
  unixsk: { file: 'unixsk.img', magic: 0x54373943, message: 'unix_sk_entry' },
  netlinksk: { file: 'netlinksk.img', magic: 0x58005614, message: 'netlink_sk_entry' },
  packetsk: { file: 'packetsk.img', magic: 0x60454618, message: 'packet_sock_entry' },
  'sk-queues': { file: 'sk-queues.img', magic: 0x56264026, message: 'sk_packet_entry' },
  'tcp-stream': { file: 'tcp-stream-%x.img', magic: 0x51465506, message: 'tcp_stream_entry' },

  mountpoints: { file: 'mountpoints-%d.img', magic: 0x55563928, message: 'mnt_entry' },
  pidns: { file: 'pidns-%d.img', magic: 0x61157326, message: 'pidns_entry' },
  userns: { file: 'userns-%d.img', magic: 0x55474906, message: 'userns_entry' },
  utsns: { file: 'utsns-%d.img', magic: 0x54473203, message: 'utsns_entry' },
  'ipcns-var': { file: 'ipcns-var-%d.img', magic: 0x53115007, message: 'ipc_var_entry' },
  'ipcns-shm': { file: 'ipcns-shm-%d.img', magic: 0x46283044, message: 'ipc_shm_entry' },
  'ipcns-msg': { file: 'ipcns-msg-%d.img', magic: 0x55453737, message: 'ipc_msg_entry' },
  'ipcns-sem': { file: 'ipcns-sem-%d.img', magic: 0x59573019, message: 'ipc_sem_entry' },
  apparmor: { file: 'apparmor.img', magic: 0x59423047, message: 'apparmor_entry' },
} as const satisfies Record<string, KindSpec>;

export type ImageKind = keyof typeof KINDS;

const PLACEHOLDERS: Record<string, string> = { '%d': '\\d+', '%x': '[0-9a-f]+', '%s': '(?:dump|restore)' };

const PATTERNS = Object.entries(KINDS).map(([kind, { file }]) => {
  const pattern = file.replace('.', '\\.').replace(/%./, (placeholder) => PLACEHOLDERS[placeholder] ?? '');
  return { kind: kind as ImageKind, pattern: new RegExp(`^${pattern}$`) };
});

/** What kind of image a file of this name is; undefined for those that are copied as they are. */
export function imageKind(name: string): ImageKind | undefined {
  return PATTERNS.find(({ pattern }) => pattern.test(name))?.kind;
}

export function kindSpec(kind: ImageKind): KindSpec {
  return KINDS[kind];
}
