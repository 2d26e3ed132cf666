// SPDX-License-Identifier: GPL-3.0-or-later
// Generated from proto/*.proto by npm run generate. Do not edit.
import type { Message } from '../message.ts';

export const USER_X86_REGS_MODE = {
  NATIVE: 1,
  COMPAT: 2,
} as const;

export const SECCOMP_MODE = {
  disabled: 0,
  strict: 1,
  filter: 2,
} as const;

export const MARCH = {
  UNKNOWN: 0,
  X86_64: 1,
  ARM: 2,
  AARCH64: 3,
  PPC64: 4,
  S390: 5,
  MIPS: 6,
} as const;

export const FH_ENTRY_SIZES = {
  min_entries: 16,
} as const;

export const MARK_TYPE = {
  INODE: 1,
  MOUNT: 2,
} as const;

export const REMAP_TYPE = {
  LINKED: 0,
  GHOST: 1,
  PROCFS: 2,
} as const;

export const TTY_TYPE = {
  UNKNOWN: 0,
  PTY: 1,
  CONSOLE: 2,
  VT: 3,
  CTTY: 4,
  EXT_TTY: 5,
  SERIAL: 6,
} as const;

export const FD_TYPES = {
  UND: 0,
  REG: 1,
  PIPE: 2,
  FIFO: 3,
  INETSK: 4,
  UNIXSK: 5,
  EVENTFD: 6,
  EVENTPOLL: 7,
  INOTIFY: 8,
  SIGNALFD: 9,
  PACKETSK: 10,
  TTY: 11,
  FANOTIFY: 12,
  NETLINKSK: 13,
  NS: 14,
  TUNF: 15,
  EXT: 16,
  TIMERFD: 17,
  MEMFD: 18,
  BPFMAP: 19,
  CTL_TTY: 65534,
  AUTOFS_PIPE: 65535,
} as const;

export const FSTYPE = {
  UNSUPPORTED: 0,
  PROC: 1,
  SYSFS: 2,
  DEVTMPFS: 3,
  BINFMT_MISC: 4,
  TMPFS: 5,
  DEVPTS: 6,
  SIMFS: 7,
  PSTORE: 8,
  SECURITYFS: 9,
  FUSECTL: 10,
  DEBUGFS: 11,
  CGROUP: 12,
  AUFS: 13,
  MQUEUE: 14,
  FUSE: 15,
  AUTO: 16,
  OVERLAYFS: 17,
  AUTOFS: 18,
  TRACEFS: 19,
  CGROUP2: 23,
} as const;

export const SK_SHUTDOWN = {
  NONE: 0,
  READ: 1,
  WRITE: 2,
  BOTH: 3,
} as const;

export const LSMTYPE = {
  NO_LSM: 0,
  SELINUX: 1,
  APPARMOR: 2,
} as const;

export interface FownEntry extends Message {
  uid: number;
  euid: number;
  signum: number;
  pid_type: number;
  pid: number;
}

export interface Timeval extends Message {
  tv_sec: bigint;
  tv_usec: bigint;
}

export interface UserX86RegsEntry extends Message {
  r15: bigint;
  r14: bigint;
  r13: bigint;
  r12: bigint;
  bp: bigint;
  bx: bigint;
  r11: bigint;
  r10: bigint;
  r9: bigint;
  r8: bigint;
  ax: bigint;
  cx: bigint;
  dx: bigint;
  si: bigint;
  di: bigint;
  orig_ax: bigint;
  ip: bigint;
  cs: bigint;
  flags: bigint;
  sp: bigint;
  ss: bigint;
  fs_base: bigint;
  gs_base: bigint;
  ds: bigint;
  es: bigint;
  fs: bigint;
  gs: bigint;
  mode?: number | undefined;
}

export interface UserX86CetEntry extends Message {
  cet: bigint;
  ssp: bigint;
}

export interface UserX86XsaveEntry extends Message {
  xstate_bv: bigint;
  ymmh_space: number[];
  bndreg_state: bigint[];
  bndcsr_state: bigint[];
  opmask_reg: bigint[];
  zmm_upper: bigint[];
  hi16_zmm: bigint[];
  pkru: number[];
  cet?: UserX86CetEntry | undefined;
}

export interface UserX86FpregsEntry extends Message {
  cwd: number;
  swd: number;
  twd: number;
  fop: number;
  rip: bigint;
  rdp: bigint;
  mxcsr: number;
  mxcsr_mask: number;
  st_space: number[];
  xmm_space: number[];
  padding: number[];
  xsave?: UserX86XsaveEntry | undefined;
}

export interface UserDescT extends Message {
  entry_number: number;
  base_addr: number;
  limit: number;
  seg_32bit: boolean;
  contents_h: boolean;
  contents_l: boolean;
  read_exec_only: boolean;
  limit_in_pages: boolean;
  seg_not_present: boolean;
  usable: boolean;
}

export interface ThreadInfoX86 extends Message {
  clear_tid_addr: bigint;
  gpregs: UserX86RegsEntry;
  fpregs: UserX86FpregsEntry;
  tls: UserDescT[];
}

export interface UserAarch64RegsEntry extends Message {
  regs: bigint[];
  sp: bigint;
  pc: bigint;
  pstate: bigint;
}

export interface UserAarch64FpsimdContextEntry extends Message {
  vregs: bigint[];
  fpsr: number;
  fpcr: number;
}

export interface PacAddressKeys extends Message {
  apiakey_lo: bigint;
  apiakey_hi: bigint;
  apibkey_lo: bigint;
  apibkey_hi: bigint;
  apdakey_lo: bigint;
  apdakey_hi: bigint;
  apdbkey_lo: bigint;
  apdbkey_hi: bigint;
  pac_enabled_key: bigint;
}

export interface PacGenericKeys extends Message {
  apgakey_lo: bigint;
  apgakey_hi: bigint;
}

export interface PacKeys extends Message {
  pac_address_keys?: PacAddressKeys | undefined;
  pac_generic_keys?: PacGenericKeys | undefined;
}

export interface ThreadInfoAarch64 extends Message {
  clear_tid_addr: bigint;
  tls: bigint;
  gpregs: UserAarch64RegsEntry;
  fpsimd: UserAarch64FpsimdContextEntry;
  pac_keys?: PacKeys | undefined;
}

export interface RseqEntry extends Message {
  rseq_abi_pointer: bigint;
  rseq_abi_size: number;
  signature: number;
  rseq_cs_pointer?: bigint | undefined;
}

export interface CredsEntry extends Message {
  uid: number;
  gid: number;
  euid: number;
  egid: number;
  suid: number;
  sgid: number;
  fsuid: number;
  fsgid: number;
  cap_inh: number[];
  cap_prm: number[];
  cap_eff: number[];
  cap_bnd: number[];
  secbits: number;
  groups: number[];
  lsm_profile?: string | undefined;
  lsm_sockcreate?: string | undefined;
  apparmor_data?: Buffer | undefined;
}

export interface RlimitEntry extends Message {
  cur: bigint;
  max: bigint;
}

export interface SaEntry extends Message {
  sigaction: bigint;
  flags: bigint;
  restorer: bigint;
  mask: bigint;
  compat_sigaction?: boolean | undefined;
  mask_extended?: bigint | undefined;
}

export interface SiginfoEntry extends Message {
  siginfo: Buffer;
}

export interface SignalQueueEntry extends Message {
  signals: SiginfoEntry[];
}

export interface ItimerEntry extends Message {
  isec: bigint;
  iusec: bigint;
  vsec: bigint;
  vusec: bigint;
}

export interface PosixTimerEntry extends Message {
  it_id: number;
  clock_id: number;
  si_signo: number;
  it_sigev_notify: number;
  sival_ptr: bigint;
  overrun: number;
  isec: bigint;
  insec: bigint;
  vsec: bigint;
  vnsec: bigint;
  notify_thread_id?: number | undefined;
}

export interface TaskTimersEntry extends Message {
  real: ItimerEntry;
  virt: ItimerEntry;
  prof: ItimerEntry;
  posix: PosixTimerEntry[];
}

export interface TaskCoreEntry extends Message {
  task_state: number;
  exit_code: number;
  personality: number;
  flags: number;
  blk_sigset: bigint;
  comm: string;
  timers?: TaskTimersEntry | undefined;
  rlimits?: TaskRlimitsEntry | undefined;
  cg_set?: number | undefined;
  signals_s?: SignalQueueEntry | undefined;
  old_seccomp_mode?: number | undefined;
  old_seccomp_filter?: number | undefined;
  loginuid?: number | undefined;
  oom_score_adj?: number | undefined;
  sigactions: SaEntry[];
  child_subreaper?: boolean | undefined;
  blk_sigset_extended?: bigint | undefined;
  stop_signo?: number | undefined;
  membarrier_registration_mask?: number | undefined;
}

export interface TaskKobjIdsEntry extends Message {
  vm_id: number;
  files_id: number;
  fs_id: number;
  sighand_id: number;
  pid_ns_id?: number | undefined;
  net_ns_id?: number | undefined;
  ipc_ns_id?: number | undefined;
  uts_ns_id?: number | undefined;
  mnt_ns_id?: number | undefined;
  user_ns_id?: number | undefined;
  cgroup_ns_id?: number | undefined;
  time_ns_id?: number | undefined;
}

export interface ThreadSasEntry extends Message {
  ss_sp: bigint;
  ss_size: bigint;
  ss_flags: number;
}

export interface ThreadCoreEntry extends Message {
  futex_rla: bigint;
  futex_rla_len: number;
  sched_nice?: number | undefined;
  sched_policy?: number | undefined;
  sched_prio?: number | undefined;
  blk_sigset?: bigint | undefined;
  sas?: ThreadSasEntry | undefined;
  pdeath_sig?: number | undefined;
  signals_p?: SignalQueueEntry | undefined;
  creds?: CredsEntry | undefined;
  seccomp_mode?: number | undefined;
  seccomp_filter?: number | undefined;
  comm?: string | undefined;
  blk_sigset_extended?: bigint | undefined;
  rseq_entry?: RseqEntry | undefined;
  cg_set?: number | undefined;
}

export interface TaskRlimitsEntry extends Message {
  rlimits: RlimitEntry[];
}

export interface CoreEntry extends Message {
  mtype: number;
  thread_info?: ThreadInfoX86 | undefined;
  tc?: TaskCoreEntry | undefined;
  ids?: TaskKobjIdsEntry | undefined;
  thread_core?: ThreadCoreEntry | undefined;
  ti_aarch64?: ThreadInfoAarch64 | undefined;
}

export interface RegFileEntry extends Message {
  id: number;
  flags: number;
  pos: bigint;
  fown: FownEntry;
  name: string;
  mnt_id?: number | undefined;
  size?: bigint | undefined;
  ext?: boolean | undefined;
  mode?: number | undefined;
  build_id: number[];
  checksum?: number | undefined;
  checksum_config?: number | undefined;
  checksum_parameter?: number | undefined;
}

export interface MemfdFileEntry extends Message {
  id: number;
  flags: number;
  pos: bigint;
  fown: FownEntry;
  inode_id: number;
}

export interface MemfdInodeEntry extends Message {
  name: string;
  uid: number;
  gid: number;
  size: bigint;
  shmid: number;
  seals: number;
  inode_id: bigint;
  hugetlb_flag?: number | undefined;
}

export interface GhostFileEntry extends Message {
  uid: number;
  gid: number;
  mode: number;
  dev?: number | undefined;
  ino?: bigint | undefined;
  rdev?: number | undefined;
  atim?: Timeval | undefined;
  mtim?: Timeval | undefined;
  chunks?: boolean | undefined;
  size?: bigint | undefined;
  symlnk_target?: string | undefined;
}

export interface GhostChunkEntry extends Message {
  len: bigint;
  off: bigint;
}

export interface ExtFileEntry extends Message {
  id: number;
  fown: FownEntry;
}

export interface NsFileEntry extends Message {
  id: number;
  ns_id: number;
  ns_cflag: number;
  flags: number;
}

export interface PipeEntry extends Message {
  id: number;
  pipe_id: number;
  flags: number;
  fown: FownEntry;
}

export interface PipeDataEntry extends Message {
  pipe_id: number;
  bytes: number;
  size?: number | undefined;
}

export interface FifoEntry extends Message {
  id: number;
  pipe_id: number;
  regf_id?: number | undefined;
}

export interface EventfdFileEntry extends Message {
  id: number;
  flags: number;
  fown: FownEntry;
  counter: bigint;
}

export interface EventpollTfdEntry extends Message {
  id: number;
  tfd: number;
  events: number;
  data: bigint;
  dev?: number | undefined;
  inode?: bigint | undefined;
  pos?: bigint | undefined;
}

export interface EventpollFileEntry extends Message {
  id: number;
  flags: number;
  fown: FownEntry;
  tfd: EventpollTfdEntry[];
}

export interface SignalfdEntry extends Message {
  id: number;
  flags: number;
  fown: FownEntry;
  sigmask: bigint;
}

export interface TimerfdEntry extends Message {
  id: number;
  flags: number;
  fown: FownEntry;
  clockid: number;
  ticks: bigint;
  settime_flags: number;
  vsec: bigint;
  vnsec: bigint;
  isec: bigint;
  insec: bigint;
}

export interface FhEntry extends Message {
  bytes: number;
  type: number;
  handle: bigint[];
  path?: string | undefined;
  mnt_id?: number | undefined;
}

export interface IrmapCacheEntry extends Message {
  dev: number;
  inode: bigint;
  path: string;
}

export interface InotifyWdEntry extends Message {
  id: number;
  i_ino: bigint;
  mask: number;
  ignored_mask: number;
  s_dev: number;
  wd: number;
  f_handle: FhEntry;
}

export interface InotifyFileEntry extends Message {
  id: number;
  flags: number;
  fown: FownEntry;
  wd: InotifyWdEntry[];
}

export interface FanotifyInodeMarkEntry extends Message {
  i_ino: bigint;
  f_handle: FhEntry;
}

export interface FanotifyMountMarkEntry extends Message {
  mnt_id: number;
  path?: string | undefined;
}

export interface FanotifyMarkEntry extends Message {
  id: number;
  type: number;
  mflags: number;
  mask: number;
  ignored_mask: number;
  s_dev: number;
  ie?: FanotifyInodeMarkEntry | undefined;
  me?: FanotifyMountMarkEntry | undefined;
}

export interface FanotifyFileEntry extends Message {
  id: number;
  flags: number;
  fown: FownEntry;
  faflags: number;
  evflags: number;
  mark: FanotifyMarkEntry[];
}

export interface RemapFilePathEntry extends Message {
  orig_id: number;
  remap_id: number;
  remap_type?: number | undefined;
}

export interface FileLockEntry extends Message {
  flag: number;
  type: number;
  pid: number;
  fd: number;
  start: bigint;
  len: bigint;
}

export interface WinsizeEntry extends Message {
  ws_row: number;
  ws_col: number;
  ws_xpixel: number;
  ws_ypixel: number;
}

export interface TermiosEntry extends Message {
  c_iflag: number;
  c_oflag: number;
  c_cflag: number;
  c_lflag: number;
  c_line: number;
  c_ispeed: number;
  c_ospeed: number;
  c_cc: number[];
}

export interface TtyPtyEntry extends Message {
  index: number;
}

export interface TtyDataEntry extends Message {
  tty_id: number;
  data: Buffer;
}

export interface TtyInfoEntry extends Message {
  id: number;
  type: number;
  locked: boolean;
  exclusive: boolean;
  packet_mode: boolean;
  sid: number;
  pgrp: number;
  rdev: number;
  termios?: TermiosEntry | undefined;
  termios_locked?: TermiosEntry | undefined;
  winsize?: WinsizeEntry | undefined;
  pty?: TtyPtyEntry | undefined;
  dev?: number | undefined;
  uid?: number | undefined;
  gid?: number | undefined;
}

export interface TtyFileEntry extends Message {
  id: number;
  tty_info_id: number;
  flags: number;
  fown: FownEntry;
  regf_id?: number | undefined;
}

export interface TunfileEntry extends Message {
  id: number;
  netdev?: string | undefined;
  detached?: boolean | undefined;
  ns_id?: number | undefined;
}

export interface TunLinkEntry extends Message {
  flags: number;
  owner: number;
  group: number;
  vnethdr: number;
  sndbuf: number;
}

export interface BpfmapFileEntry extends Message {
  id: number;
  flags: number;
  pos: bigint;
  fown: FownEntry;
  map_type: number;
  key_size: number;
  value_size: number;
  map_id: number;
  max_entries: number;
  map_flags: number;
  memlock: bigint;
  frozen: boolean;
  map_name: string;
  ifindex: number;
  mnt_id?: number | undefined;
  map_extra?: bigint | undefined;
}

export interface BpfmapDataEntry extends Message {
  map_id: number;
  keys_bytes: number;
  values_bytes: number;
  count: number;
}

export interface FdinfoEntry extends Message {
  id: number;
  flags: number;
  type: number;
  fd: number;
  xattr_security_selinux?: string | undefined;
}

export interface FileEntry extends Message {
  type: number;
  id: number;
  reg?: RegFileEntry | undefined;
  isk?: InetSkEntry | undefined;
  nsf?: NsFileEntry | undefined;
  psk?: PacketSockEntry | undefined;
  nlsk?: NetlinkSkEntry | undefined;
  efd?: EventfdFileEntry | undefined;
  epfd?: EventpollFileEntry | undefined;
  sgfd?: SignalfdEntry | undefined;
  tunf?: TunfileEntry | undefined;
  tfd?: TimerfdEntry | undefined;
  ify?: InotifyFileEntry | undefined;
  ffy?: FanotifyFileEntry | undefined;
  ext?: ExtFileEntry | undefined;
  usk?: UnixSkEntry | undefined;
  fifo?: FifoEntry | undefined;
  pipe?: PipeEntry | undefined;
  tty?: TtyFileEntry | undefined;
  memfd?: MemfdFileEntry | undefined;
  bpf?: BpfmapFileEntry | undefined;
}

export interface VmaEntry extends Message {
  start: bigint;
  end: bigint;
  pgoff: bigint;
  shmid: bigint;
  prot: number;
  flags: number;
  status: number;
  fd: bigint;
  madv?: bigint | undefined;
  fdflags?: number | undefined;
}

export interface AioRingEntry extends Message {
  id: bigint;
  nr_req: number;
  ring_len: number;
}

export interface MmEntry extends Message {
  mm_start_code: bigint;
  mm_end_code: bigint;
  mm_start_data: bigint;
  mm_end_data: bigint;
  mm_start_stack: bigint;
  mm_start_brk: bigint;
  mm_brk: bigint;
  mm_arg_start: bigint;
  mm_arg_end: bigint;
  mm_env_start: bigint;
  mm_env_end: bigint;
  exe_file_id: number;
  mm_saved_auxv: bigint[];
  vmas: VmaEntry[];
  dumpable?: number | undefined;
  aios: AioRingEntry[];
  thp_disabled?: boolean | undefined;
}

export interface PagemapHead extends Message {
  pages_id: number;
}

export interface PagemapEntry extends Message {
  vaddr: bigint;
  nr_pages: number;
  in_parent?: boolean | undefined;
  flags?: number | undefined;
  wide_nr_pages?: bigint | undefined;
}

export interface MntEntry extends Message {
  fstype: number;
  mnt_id: number;
  root_dev: number;
  parent_mnt_id: number;
  flags: number;
  root: string;
  mountpoint: string;
  source: string;
  options: string;
  shared_id?: number | undefined;
  master_id?: number | undefined;
  with_plugin?: boolean | undefined;
  ext_mount?: boolean | undefined;
  fsname?: string | undefined;
  internal_sharing?: boolean | undefined;
  deleted?: boolean | undefined;
  sb_flags?: number | undefined;
  ext_key?: string | undefined;
}

export interface PidnsEntry extends Message {
  ext_key?: string | undefined;
}

export interface UidGidExtent extends Message {
  first: number;
  lower_first: number;
  count: number;
}

export interface UsernsEntry extends Message {
  uid_map: UidGidExtent[];
  gid_map: UidGidExtent[];
}

export interface UtsnsEntry extends Message {
  nodename: string;
  domainname: string;
}

export interface IpcDescEntry extends Message {
  key: number;
  uid: number;
  gid: number;
  cuid: number;
  cgid: number;
  mode: number;
  id: number;
}

export interface IpcMsg extends Message {
  mtype: bigint;
  msize: number;
}

export interface IpcMsgEntry extends Message {
  desc: IpcDescEntry;
  qbytes: number;
  qnum: number;
}

export interface IpcSemEntry extends Message {
  desc: IpcDescEntry;
  nsems: number;
}

export interface IpcShmEntry extends Message {
  desc: IpcDescEntry;
  size: bigint;
  in_pagemaps?: boolean | undefined;
  hugetlb_flag?: number | undefined;
}

export interface IpcVarEntry extends Message {
  sem_ctls: number[];
  msg_ctlmax: number;
  msg_ctlmnb: number;
  msg_ctlmni: number;
  auto_msgmni: number;
  shm_ctlmax: bigint;
  shm_ctlall: bigint;
  shm_ctlmni: number;
  shm_rmid_forced: number;
  mq_queues_max: number;
  mq_msg_max: number;
  mq_msgsize_max: number;
  mq_msg_default?: number | undefined;
  mq_msgsize_default?: number | undefined;
  msg_next_id?: number | undefined;
  sem_next_id?: number | undefined;
  shm_next_id?: number | undefined;
}

export interface AaPolicy extends Message {
  name: string;
  blob: Buffer;
}

export interface AaNamespace extends Message {
  name: string;
  policies: AaPolicy[];
  namespaces: AaNamespace[];
}

export interface ApparmorEntry extends Message {
  namespaces: AaNamespace[];
}

export interface SkOptsEntry extends Message {
  so_sndbuf: number;
  so_rcvbuf: number;
  so_snd_tmo_sec: bigint;
  so_snd_tmo_usec: bigint;
  so_rcv_tmo_sec: bigint;
  so_rcv_tmo_usec: bigint;
  reuseaddr?: boolean | undefined;
  so_priority?: number | undefined;
  so_rcvlowat?: number | undefined;
  so_mark?: number | undefined;
  so_passcred?: boolean | undefined;
  so_passsec?: boolean | undefined;
  so_dontroute?: boolean | undefined;
  so_no_check?: boolean | undefined;
  so_bound_dev?: string | undefined;
  so_filter: bigint[];
  so_reuseport?: boolean | undefined;
  so_broadcast?: boolean | undefined;
  so_keepalive?: boolean | undefined;
  tcp_keepcnt?: number | undefined;
  tcp_keepidle?: number | undefined;
  tcp_keepintvl?: number | undefined;
  so_oobinline?: number | undefined;
  so_linger?: number | undefined;
  so_buf_lock?: number | undefined;
}

export interface IpOptsRawEntry extends Message {
  hdrincl?: boolean | undefined;
  nodefrag?: boolean | undefined;
  checksum?: boolean | undefined;
  icmpv_filter: number[];
}

export interface IpOptsEntry extends Message {
  freebind?: boolean | undefined;
  raw?: IpOptsRawEntry | undefined;
}

export interface InetSkEntry extends Message {
  id: number;
  ino: number;
  family: number;
  type: number;
  proto: number;
  state: number;
  src_port: number;
  dst_port: number;
  flags: number;
  backlog: number;
  src_addr: number[];
  dst_addr: number[];
  fown: FownEntry;
  opts: SkOptsEntry;
  v6only?: boolean | undefined;
  ip_opts?: IpOptsEntry | undefined;
  ifname?: string | undefined;
  ns_id?: number | undefined;
  shutdown?: number | undefined;
}

export interface FilePermsEntry extends Message {
  mode: number;
  uid: number;
  gid: number;
}

export interface UnixSkEntry extends Message {
  id: number;
  ino: number;
  type: number;
  state: number;
  flags: number;
  uflags: number;
  backlog: number;
  peer: number;
  fown: FownEntry;
  opts: SkOptsEntry;
  name: Buffer;
  shutdown?: number | undefined;
  file_perms?: FilePermsEntry | undefined;
  name_dir?: string | undefined;
  deleted?: boolean | undefined;
  ns_id?: number | undefined;
  mnt_id?: number | undefined;
}

export interface NetlinkSkEntry extends Message {
  id: number;
  ino: number;
  protocol: number;
  state: number;
  flags: number;
  portid: number;
  groups: number[];
  dst_portid: number;
  dst_group: number;
  fown: FownEntry;
  opts: SkOptsEntry;
  ns_id?: number | undefined;
}

export interface PacketMclist extends Message {
  index: number;
  type: number;
  addr: Buffer;
}

export interface PacketRing extends Message {
  block_size: number;
  block_nr: number;
  frame_size: number;
  frame_nr: number;
  retire_tmo: number;
  sizeof_priv: number;
  features: number;
}

export interface PacketSockEntry extends Message {
  id: number;
  type: number;
  protocol: number;
  flags: number;
  ifindex: number;
  fown: FownEntry;
  opts: SkOptsEntry;
  version: number;
  reserve: number;
  aux_data: boolean;
  orig_dev: boolean;
  vnet_hdr: boolean;
  loss: boolean;
  timestamp: number;
  copy_thresh: number;
  mclist: PacketMclist[];
  fanout?: number | undefined;
  rx_ring?: PacketRing | undefined;
  tx_ring?: PacketRing | undefined;
  ns_id?: number | undefined;
}

export interface ScmEntry extends Message {
  type: number;
  rights: number[];
}

export interface SkPacketEntry extends Message {
  id_for: number;
  length: number;
  scm: ScmEntry[];
}

export interface TcpStreamEntry extends Message {
  inq_len: number;
  inq_seq: number;
  outq_len: number;
  outq_seq: number;
  opt_mask: number;
  snd_wscale: number;
  mss_clamp: number;
  rcv_wscale?: number | undefined;
  timestamp?: number | undefined;
  cork?: boolean | undefined;
  nodelay?: boolean | undefined;
  unsq_len?: number | undefined;
  snd_wl1?: number | undefined;
  snd_wnd?: number | undefined;
  max_window?: number | undefined;
  rcv_wnd?: number | undefined;
  rcv_wup?: number | undefined;
}

export interface InventoryEntry extends Message {
  img_version: number;
  fdinfo_per_id?: boolean | undefined;
  root_ids?: TaskKobjIdsEntry | undefined;
  ns_per_id?: boolean | undefined;
  root_cg_set?: number | undefined;
  lsmtype?: number | undefined;
  dump_uptime?: bigint | undefined;
  pre_dump_mode?: number | undefined;
  tcp_close?: boolean | undefined;
  network_lock_method?: number | undefined;
}

export interface PstreeEntry extends Message {
  pid: number;
  ppid: number;
  pgid: number;
  sid: number;
  threads: number[];
}

export interface FsEntry extends Message {
  cwd_id: number;
  root_id: number;
  umask?: number | undefined;
}

export interface SeccompFilter extends Message {
  filter: Buffer;
  prev?: number | undefined;
  flags?: number | undefined;
}

export interface SeccompEntry extends Message {
  seccomp_filters: SeccompFilter[];
}

export interface CgroupPerms extends Message {
  mode: number;
  uid: number;
  gid: number;
}

export interface CgroupPropEntry extends Message {
  name: string;
  value: string;
  perms?: CgroupPerms | undefined;
}

export interface CgroupDirEntry extends Message {
  dir_name: string;
  children: CgroupDirEntry[];
  properties: CgroupPropEntry[];
  dir_perms?: CgroupPerms | undefined;
}

export interface CgControllerEntry extends Message {
  cnames: string[];
  dirs: CgroupDirEntry[];
}

export interface CgMemberEntry extends Message {
  name: string;
  path: string;
  cgns_prefix?: number | undefined;
}

export interface CgSetEntry extends Message {
  id: number;
  ctls: CgMemberEntry[];
}

export interface CgroupEntry extends Message {
  sets: CgSetEntry[];
  controllers: CgControllerEntry[];
}

export interface Timespec extends Message {
  tv_sec: bigint;
  tv_nsec: bigint;
}

export interface TimensEntry extends Message {
  monotonic: Timespec;
  boottime: Timespec;
}

export interface DumpStatsEntry extends Message {
  freezing_time: number;
  frozen_time: number;
  memdump_time: number;
  memwrite_time: number;
  pages_scanned: bigint;
  pages_skipped_parent: bigint;
  pages_written: bigint;
  irmap_resolve?: number | undefined;
  pages_lazy: bigint;
  page_pipes?: bigint | undefined;
  page_pipe_bufs?: bigint | undefined;
  shpages_scanned?: bigint | undefined;
  shpages_skipped_parent?: bigint | undefined;
  shpages_written?: bigint | undefined;
}

export interface RestoreStatsEntry extends Message {
  pages_compared: bigint;
  pages_skipped_cow: bigint;
  forking_time: number;
  restore_time: number;
  pages_restored?: bigint | undefined;
}

export interface StatsEntry extends Message {
  dump?: DumpStatsEntry | undefined;
  restore?: RestoreStatsEntry | undefined;
}

/** Message name in proto/*.proto -> its TypeScript type. */
export interface Messages {
  fown_entry: FownEntry;
  timeval: Timeval;
  user_x86_regs_entry: UserX86RegsEntry;
  user_x86_cet_entry: UserX86CetEntry;
  user_x86_xsave_entry: UserX86XsaveEntry;
  user_x86_fpregs_entry: UserX86FpregsEntry;
  user_desc_t: UserDescT;
  thread_info_x86: ThreadInfoX86;
  user_aarch64_regs_entry: UserAarch64RegsEntry;
  user_aarch64_fpsimd_context_entry: UserAarch64FpsimdContextEntry;
  pac_address_keys: PacAddressKeys;
  pac_generic_keys: PacGenericKeys;
  pac_keys: PacKeys;
  thread_info_aarch64: ThreadInfoAarch64;
  rseq_entry: RseqEntry;
  creds_entry: CredsEntry;
  rlimit_entry: RlimitEntry;
  sa_entry: SaEntry;
  siginfo_entry: SiginfoEntry;
  signal_queue_entry: SignalQueueEntry;
  itimer_entry: ItimerEntry;
  posix_timer_entry: PosixTimerEntry;
  task_timers_entry: TaskTimersEntry;
  task_core_entry: TaskCoreEntry;
  task_kobj_ids_entry: TaskKobjIdsEntry;
  thread_sas_entry: ThreadSasEntry;
  thread_core_entry: ThreadCoreEntry;
  task_rlimits_entry: TaskRlimitsEntry;
  core_entry: CoreEntry;
  reg_file_entry: RegFileEntry;
  memfd_file_entry: MemfdFileEntry;
  memfd_inode_entry: MemfdInodeEntry;
  ghost_file_entry: GhostFileEntry;
  ghost_chunk_entry: GhostChunkEntry;
  ext_file_entry: ExtFileEntry;
  ns_file_entry: NsFileEntry;
  pipe_entry: PipeEntry;
  pipe_data_entry: PipeDataEntry;
  fifo_entry: FifoEntry;
  eventfd_file_entry: EventfdFileEntry;
  eventpoll_tfd_entry: EventpollTfdEntry;
  eventpoll_file_entry: EventpollFileEntry;
  signalfd_entry: SignalfdEntry;
  timerfd_entry: TimerfdEntry;
  fh_entry: FhEntry;
  irmap_cache_entry: IrmapCacheEntry;
  inotify_wd_entry: InotifyWdEntry;
  inotify_file_entry: InotifyFileEntry;
  fanotify_inode_mark_entry: FanotifyInodeMarkEntry;
  fanotify_mount_mark_entry: FanotifyMountMarkEntry;
  fanotify_mark_entry: FanotifyMarkEntry;
  fanotify_file_entry: FanotifyFileEntry;
  remap_file_path_entry: RemapFilePathEntry;
  file_lock_entry: FileLockEntry;
  winsize_entry: WinsizeEntry;
  termios_entry: TermiosEntry;
  tty_pty_entry: TtyPtyEntry;
  tty_data_entry: TtyDataEntry;
  tty_info_entry: TtyInfoEntry;
  tty_file_entry: TtyFileEntry;
  tunfile_entry: TunfileEntry;
  tun_link_entry: TunLinkEntry;
  bpfmap_file_entry: BpfmapFileEntry;
  bpfmap_data_entry: BpfmapDataEntry;
  fdinfo_entry: FdinfoEntry;
  file_entry: FileEntry;
  vma_entry: VmaEntry;
  aio_ring_entry: AioRingEntry;
  mm_entry: MmEntry;
  pagemap_head: PagemapHead;
  pagemap_entry: PagemapEntry;
  mnt_entry: MntEntry;
  pidns_entry: PidnsEntry;
  uid_gid_extent: UidGidExtent;
  userns_entry: UsernsEntry;
  utsns_entry: UtsnsEntry;
  ipc_desc_entry: IpcDescEntry;
  ipc_msg: IpcMsg;
  ipc_msg_entry: IpcMsgEntry;
  ipc_sem_entry: IpcSemEntry;
  ipc_shm_entry: IpcShmEntry;
  ipc_var_entry: IpcVarEntry;
  aa_policy: AaPolicy;
  aa_namespace: AaNamespace;
  apparmor_entry: ApparmorEntry;
  sk_opts_entry: SkOptsEntry;
  ip_opts_raw_entry: IpOptsRawEntry;
  ip_opts_entry: IpOptsEntry;
  inet_sk_entry: InetSkEntry;
  file_perms_entry: FilePermsEntry;
  unix_sk_entry: UnixSkEntry;
  netlink_sk_entry: NetlinkSkEntry;
  packet_mclist: PacketMclist;
  packet_ring: PacketRing;
  packet_sock_entry: PacketSockEntry;
  scm_entry: ScmEntry;
  sk_packet_entry: SkPacketEntry;
  tcp_stream_entry: TcpStreamEntry;
  inventory_entry: InventoryEntry;
  pstree_entry: PstreeEntry;
  fs_entry: FsEntry;
  seccomp_filter: SeccompFilter;
  seccomp_entry: SeccompEntry;
  cgroup_perms: CgroupPerms;
  cgroup_prop_entry: CgroupPropEntry;
  cgroup_dir_entry: CgroupDirEntry;
  cg_controller_entry: CgControllerEntry;
  cg_member_entry: CgMemberEntry;
  cg_set_entry: CgSetEntry;
  cgroup_entry: CgroupEntry;
  timespec: Timespec;
  timens_entry: TimensEntry;
  dump_stats_entry: DumpStatsEntry;
  restore_stats_entry: RestoreStatsEntry;
  stats_entry: StatsEntry;
}
