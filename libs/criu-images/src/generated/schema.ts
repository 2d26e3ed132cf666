// SPDX-License-Identifier: GPL-3.0-or-later
// Generated from proto/*.proto by npm run generate. Do not edit.

export const SCHEMA = {
  fown_entry:
    '1 uid uint32 required,2 euid uint32 required,3 signum uint32 required,4 pid_type uint32 required,5 pid uint32 required',
  timeval: '1 tv_sec uint64 required,2 tv_usec uint64 required',
  user_x86_regs_entry:
    '1 r15 uint64 required,2 r14 uint64 required,3 r13 uint64 required,4 r12 uint64 required,5 bp uint64 required,6 bx uint64 required,7 r11 uint64 required,8 r10 uint64 required,9 r9 uint64 required,10 r8 uint64 required,11 ax uint64 required,12 cx uint64 required,13 dx uint64 required,14 si uint64 required,15 di uint64 required,16 orig_ax uint64 required,17 ip uint64 required,18 cs uint64 required,19 flags uint64 required,20 sp uint64 required,21 ss uint64 required,22 fs_base uint64 required,23 gs_base uint64 required,24 ds uint64 required,25 es uint64 required,26 fs uint64 required,27 gs uint64 required,28 mode enum optional',
  user_x86_cet_entry: '1 cet uint64 required,2 ssp uint64 required',
  user_x86_xsave_entry:
    '1 xstate_bv uint64 required,2 ymmh_space uint32 repeated,3 bndreg_state uint64 repeated,4 bndcsr_state uint64 repeated,5 opmask_reg uint64 repeated,6 zmm_upper uint64 repeated,7 hi16_zmm uint64 repeated,8 pkru uint32 repeated,9 cet user_x86_cet_entry optional',
  user_x86_fpregs_entry:
    '1 cwd uint32 required,2 swd uint32 required,3 twd uint32 required,4 fop uint32 required,5 rip uint64 required,6 rdp uint64 required,7 mxcsr uint32 required,8 mxcsr_mask uint32 required,9 st_space uint32 repeated,10 xmm_space uint32 repeated,11 padding uint32 repeated,13 xsave user_x86_xsave_entry optional',
  user_desc_t:
    '1 entry_number uint32 required,2 base_addr uint32 required,3 limit uint32 required,4 seg_32bit bool required,5 contents_h bool required,6 contents_l bool required,7 read_exec_only bool required,8 limit_in_pages bool required,9 seg_not_present bool required,10 usable bool required',
  thread_info_x86:
    '1 clear_tid_addr uint64 required,2 gpregs user_x86_regs_entry required,3 fpregs user_x86_fpregs_entry required,4 tls user_desc_t repeated',
  user_aarch64_regs_entry:
    '1 regs uint64 repeated,2 sp uint64 required,3 pc uint64 required,4 pstate uint64 required',
  user_aarch64_fpsimd_context_entry: '1 vregs uint64 repeated,2 fpsr uint32 required,3 fpcr uint32 required',
  pac_address_keys:
    '1 apiakey_lo uint64 required,2 apiakey_hi uint64 required,3 apibkey_lo uint64 required,4 apibkey_hi uint64 required,5 apdakey_lo uint64 required,6 apdakey_hi uint64 required,7 apdbkey_lo uint64 required,8 apdbkey_hi uint64 required,9 pac_enabled_key uint64 required',
  pac_generic_keys: '1 apgakey_lo uint64 required,2 apgakey_hi uint64 required',
  pac_keys: '6 pac_address_keys pac_address_keys optional,7 pac_generic_keys pac_generic_keys optional',
  thread_info_aarch64:
    '1 clear_tid_addr uint64 required,2 tls uint64 required,3 gpregs user_aarch64_regs_entry required,4 fpsimd user_aarch64_fpsimd_context_entry required,5 pac_keys pac_keys optional',
  rseq_entry:
    '1 rseq_abi_pointer uint64 required,2 rseq_abi_size uint32 required,3 signature uint32 required,4 rseq_cs_pointer uint64 optional',
  creds_entry:
    '1 uid uint32 required,2 gid uint32 required,3 euid uint32 required,4 egid uint32 required,5 suid uint32 required,6 sgid uint32 required,7 fsuid uint32 required,8 fsgid uint32 required,9 cap_inh uint32 repeated,10 cap_prm uint32 repeated,11 cap_eff uint32 repeated,12 cap_bnd uint32 repeated,13 secbits uint32 required,14 groups uint32 repeated,15 lsm_profile string optional,16 lsm_sockcreate string optional,17 apparmor_data bytes optional',
  rlimit_entry: '1 cur uint64 required,2 max uint64 required',
  sa_entry:
    '1 sigaction uint64 required,2 flags uint64 required,3 restorer uint64 required,4 mask uint64 required,5 compat_sigaction bool optional,6 mask_extended uint64 optional',
  siginfo_entry: '1 siginfo bytes required',
  signal_queue_entry: '1 signals siginfo_entry repeated',
  itimer_entry:
    '1 isec uint64 required,2 iusec uint64 required,3 vsec uint64 required,4 vusec uint64 required',
  posix_timer_entry:
    '1 it_id uint32 required,2 clock_id uint32 required,3 si_signo uint32 required,4 it_sigev_notify uint32 required,5 sival_ptr uint64 required,6 overrun uint32 required,7 isec uint64 required,8 insec uint64 required,9 vsec uint64 required,10 vnsec uint64 required,11 notify_thread_id int32 optional',
  task_timers_entry:
    '1 real itimer_entry required,2 virt itimer_entry required,3 prof itimer_entry required,4 posix posix_timer_entry repeated',
  task_core_entry:
    '1 task_state uint32 required,2 exit_code uint32 required,3 personality uint32 required,4 flags uint32 required,5 blk_sigset uint64 required,6 comm string required,7 timers task_timers_entry optional,8 rlimits task_rlimits_entry optional,9 cg_set uint32 optional,10 signals_s signal_queue_entry optional,11 old_seccomp_mode enum optional,12 old_seccomp_filter uint32 optional,13 loginuid uint32 optional,14 oom_score_adj int32 optional,15 sigactions sa_entry repeated,18 child_subreaper bool optional,20 blk_sigset_extended uint64 optional,21 stop_signo uint32 optional,22 membarrier_registration_mask uint32 optional',
  task_kobj_ids_entry:
    '1 vm_id uint32 required,2 files_id uint32 required,3 fs_id uint32 required,4 sighand_id uint32 required,5 pid_ns_id uint32 optional,6 net_ns_id uint32 optional,7 ipc_ns_id uint32 optional,8 uts_ns_id uint32 optional,9 mnt_ns_id uint32 optional,10 user_ns_id uint32 optional,11 cgroup_ns_id uint32 optional,12 time_ns_id uint32 optional',
  thread_sas_entry: '1 ss_sp uint64 required,2 ss_size uint64 required,3 ss_flags uint32 required',
  thread_core_entry:
    '1 futex_rla uint64 required,2 futex_rla_len uint32 required,3 sched_nice sint32 optional,4 sched_policy uint32 optional,5 sched_prio uint32 optional,6 blk_sigset uint64 optional,7 sas thread_sas_entry optional,8 pdeath_sig uint32 optional,9 signals_p signal_queue_entry optional,10 creds creds_entry optional,11 seccomp_mode enum optional,12 seccomp_filter uint32 optional,13 comm string optional,14 blk_sigset_extended uint64 optional,15 rseq_entry rseq_entry optional,16 cg_set uint32 optional',
  task_rlimits_entry: '1 rlimits rlimit_entry repeated',
  core_entry:
    '1 mtype enum required,2 thread_info thread_info_x86 optional,3 tc task_core_entry optional,4 ids task_kobj_ids_entry optional,5 thread_core thread_core_entry optional,8 ti_aarch64 thread_info_aarch64 optional',
  reg_file_entry:
    '1 id uint32 required,2 flags uint32 required,3 pos uint64 required,5 fown fown_entry required,6 name string required,7 mnt_id sint32 optional,8 size uint64 optional,9 ext bool optional,10 mode uint32 optional,11 build_id uint32 repeated,12 checksum uint32 optional,13 checksum_config uint32 optional,14 checksum_parameter uint32 optional',
  memfd_file_entry:
    '1 id uint32 required,2 flags uint32 required,3 pos uint64 required,4 fown fown_entry required,5 inode_id uint32 required',
  memfd_inode_entry:
    '1 name string required,2 uid uint32 required,3 gid uint32 required,4 size uint64 required,5 shmid uint32 required,6 seals uint32 required,7 inode_id uint64 required,8 hugetlb_flag uint32 optional',
  ghost_file_entry:
    '1 uid uint32 required,2 gid uint32 required,3 mode uint32 required,4 dev uint32 optional,5 ino uint64 optional,6 rdev uint32 optional,7 atim timeval optional,8 mtim timeval optional,9 chunks bool optional,10 size uint64 optional,11 symlnk_target string optional',
  ghost_chunk_entry: '1 len uint64 required,2 off uint64 required',
  ext_file_entry: '1 id uint32 required,5 fown fown_entry required',
  ns_file_entry:
    '1 id uint32 required,2 ns_id uint32 required,3 ns_cflag uint32 required,4 flags uint32 required',
  pipe_entry:
    '1 id uint32 required,2 pipe_id uint32 required,3 flags uint32 required,4 fown fown_entry required',
  pipe_data_entry: '1 pipe_id uint32 required,2 bytes uint32 required,3 size uint32 optional',
  fifo_entry: '1 id uint32 required,2 pipe_id uint32 required,3 regf_id uint32 optional',
  eventfd_file_entry:
    '1 id uint32 required,2 flags uint32 required,3 fown fown_entry required,4 counter uint64 required',
  eventpoll_tfd_entry:
    '1 id uint32 required,2 tfd uint32 required,3 events uint32 required,4 data uint64 required,5 dev uint32 optional,6 inode uint64 optional,7 pos uint64 optional',
  eventpoll_file_entry:
    '1 id uint32 required,2 flags uint32 required,3 fown fown_entry required,4 tfd eventpoll_tfd_entry repeated',
  signalfd_entry:
    '1 id uint32 required,2 flags uint32 required,3 fown fown_entry required,4 sigmask uint64 required',
  timerfd_entry:
    '1 id uint32 required,2 flags uint32 required,3 fown fown_entry required,4 clockid uint32 required,5 ticks uint64 required,6 settime_flags uint32 required,7 vsec uint64 required,8 vnsec uint64 required,9 isec uint64 required,10 insec uint64 required',
  fh_entry:
    '1 bytes uint32 required,2 type uint32 required,3 handle uint64 repeated,4 path string optional,5 mnt_id uint32 optional',
  irmap_cache_entry: '1 dev uint32 required,2 inode uint64 required,3 path string required',
  inotify_wd_entry:
    '1 id uint32 required,2 i_ino uint64 required,3 mask uint32 required,4 ignored_mask uint32 required,5 s_dev uint32 required,6 wd uint32 required,7 f_handle fh_entry required',
  inotify_file_entry:
    '1 id uint32 required,2 flags uint32 required,4 fown fown_entry required,5 wd inotify_wd_entry repeated',
  fanotify_inode_mark_entry: '1 i_ino uint64 required,2 f_handle fh_entry required',
  fanotify_mount_mark_entry: '1 mnt_id uint32 required,2 path string optional',
  fanotify_mark_entry:
    '1 id uint32 required,2 type enum required,3 mflags uint32 required,4 mask uint32 required,5 ignored_mask uint32 required,6 s_dev uint32 required,7 ie fanotify_inode_mark_entry optional,8 me fanotify_mount_mark_entry optional',
  fanotify_file_entry:
    '1 id uint32 required,2 flags uint32 required,3 fown fown_entry required,4 faflags uint32 required,5 evflags uint32 required,6 mark fanotify_mark_entry repeated',
  remap_file_path_entry: '1 orig_id uint32 required,2 remap_id uint32 required,3 remap_type enum optional',
  file_lock_entry:
    '1 flag uint32 required,2 type uint32 required,3 pid int32 required,4 fd int32 required,5 start int64 required,6 len int64 required',
  winsize_entry:
    '1 ws_row uint32 required,2 ws_col uint32 required,3 ws_xpixel uint32 required,4 ws_ypixel uint32 required',
  termios_entry:
    '1 c_iflag uint32 required,2 c_oflag uint32 required,3 c_cflag uint32 required,4 c_lflag uint32 required,5 c_line uint32 required,6 c_ispeed uint32 required,7 c_ospeed uint32 required,8 c_cc uint32 repeated',
  tty_pty_entry: '1 index uint32 required',
  tty_data_entry: '1 tty_id uint32 required,2 data bytes required',
  tty_info_entry:
    '1 id uint32 required,2 type enum required,3 locked bool required,4 exclusive bool required,5 packet_mode bool required,6 sid uint32 required,7 pgrp uint32 required,8 rdev uint32 required,9 termios termios_entry optional,10 termios_locked termios_entry optional,11 winsize winsize_entry optional,12 pty tty_pty_entry optional,13 dev uint32 optional,14 uid uint32 optional,15 gid uint32 optional',
  tty_file_entry:
    '1 id uint32 required,2 tty_info_id uint32 required,3 flags uint32 required,4 fown fown_entry required,6 regf_id uint32 optional',
  tunfile_entry:
    '1 id uint32 required,2 netdev string optional,3 detached bool optional,4 ns_id uint32 optional',
  tun_link_entry:
    '1 flags uint32 required,2 owner int32 required,3 group int32 required,4 vnethdr uint32 required,5 sndbuf uint32 required',
  bpfmap_file_entry:
    '1 id uint32 required,2 flags uint32 required,3 pos uint64 required,4 fown fown_entry required,5 map_type uint32 required,6 key_size uint32 required,7 value_size uint32 required,8 map_id uint32 required,9 max_entries uint32 required,10 map_flags uint32 required,11 memlock uint64 required,12 frozen bool required,13 map_name string required,14 ifindex uint32 required,15 mnt_id sint32 optional,16 map_extra uint64 optional',
  bpfmap_data_entry:
    '1 map_id uint32 required,2 keys_bytes uint32 required,3 values_bytes uint32 required,4 count uint32 required',
  fdinfo_entry:
    '1 id uint32 required,2 flags uint32 required,3 type enum required,4 fd uint32 required,5 xattr_security_selinux string optional',
  file_entry:
    '1 type enum required,2 id uint32 required,3 reg reg_file_entry optional,4 isk inet_sk_entry optional,5 nsf ns_file_entry optional,6 psk packet_sock_entry optional,7 nlsk netlink_sk_entry optional,8 efd eventfd_file_entry optional,9 epfd eventpoll_file_entry optional,10 sgfd signalfd_entry optional,11 tunf tunfile_entry optional,12 tfd timerfd_entry optional,13 ify inotify_file_entry optional,14 ffy fanotify_file_entry optional,15 ext ext_file_entry optional,16 usk unix_sk_entry optional,17 fifo fifo_entry optional,18 pipe pipe_entry optional,19 tty tty_file_entry optional,20 memfd memfd_file_entry optional,21 bpf bpfmap_file_entry optional',
  vma_entry:
    '1 start uint64 required,2 end uint64 required,3 pgoff uint64 required,4 shmid uint64 required,5 prot uint32 required,6 flags uint32 required,7 status uint32 required,8 fd sint64 required,9 madv uint64 optional,10 fdflags uint32 optional',
  aio_ring_entry: '1 id uint64 required,2 nr_req uint32 required,3 ring_len uint32 required',
  mm_entry:
    '1 mm_start_code uint64 required,2 mm_end_code uint64 required,3 mm_start_data uint64 required,4 mm_end_data uint64 required,5 mm_start_stack uint64 required,6 mm_start_brk uint64 required,7 mm_brk uint64 required,8 mm_arg_start uint64 required,9 mm_arg_end uint64 required,10 mm_env_start uint64 required,11 mm_env_end uint64 required,12 exe_file_id uint32 required,13 mm_saved_auxv uint64 repeated,14 vmas vma_entry repeated,15 dumpable int32 optional,16 aios aio_ring_entry repeated,17 thp_disabled bool optional',
  pagemap_head: '1 pages_id uint32 required',
  pagemap_entry:
    '1 vaddr uint64 required,2 nr_pages uint32 required,3 in_parent bool optional,4 flags uint32 optional,5 wide_nr_pages uint64 optional',
  mnt_entry:
    '1 fstype uint32 required,2 mnt_id uint32 required,3 root_dev uint32 required,4 parent_mnt_id uint32 required,5 flags uint32 required,6 root string required,7 mountpoint string required,8 source string required,9 options string required,10 shared_id uint32 optional,11 master_id uint32 optional,12 with_plugin bool optional,13 ext_mount bool optional,14 fsname string optional,15 internal_sharing bool optional,16 deleted bool optional,17 sb_flags uint32 optional,18 ext_key string optional',
  pidns_entry: '1 ext_key string optional',
  uid_gid_extent: '1 first uint32 required,2 lower_first uint32 required,3 count uint32 required',
  userns_entry: '1 uid_map uid_gid_extent repeated,2 gid_map uid_gid_extent repeated',
  utsns_entry: '1 nodename string required,2 domainname string required',
  ipc_desc_entry:
    '1 key uint32 required,2 uid uint32 required,3 gid uint32 required,4 cuid uint32 required,5 cgid uint32 required,6 mode uint32 required,7 id uint32 required',
  ipc_msg: '1 mtype uint64 required,2 msize uint32 required',
  ipc_msg_entry: '1 desc ipc_desc_entry required,2 qbytes uint32 required,3 qnum uint32 required',
  ipc_sem_entry: '1 desc ipc_desc_entry required,2 nsems uint32 required',
  ipc_shm_entry:
    '1 desc ipc_desc_entry required,2 size uint64 required,3 in_pagemaps bool optional,4 hugetlb_flag uint32 optional',
  ipc_var_entry:
    '1 sem_ctls uint32 repeated,2 msg_ctlmax uint32 required,3 msg_ctlmnb uint32 required,4 msg_ctlmni uint32 required,5 auto_msgmni uint32 required,6 shm_ctlmax uint64 required,7 shm_ctlall uint64 required,8 shm_ctlmni uint32 required,9 shm_rmid_forced uint32 required,10 mq_queues_max uint32 required,11 mq_msg_max uint32 required,12 mq_msgsize_max uint32 required,13 mq_msg_default uint32 optional,14 mq_msgsize_default uint32 optional,15 msg_next_id uint32 optional,16 sem_next_id uint32 optional,17 shm_next_id uint32 optional',
  aa_policy: '1 name string required,2 blob bytes required',
  aa_namespace: '1 name string required,2 policies aa_policy repeated,3 namespaces aa_namespace repeated',
  apparmor_entry: '1 namespaces aa_namespace repeated',
  sk_opts_entry:
    '1 so_sndbuf uint32 required,2 so_rcvbuf uint32 required,3 so_snd_tmo_sec uint64 required,4 so_snd_tmo_usec uint64 required,5 so_rcv_tmo_sec uint64 required,6 so_rcv_tmo_usec uint64 required,7 reuseaddr bool optional,8 so_priority uint32 optional,9 so_rcvlowat uint32 optional,10 so_mark uint32 optional,11 so_passcred bool optional,12 so_passsec bool optional,13 so_dontroute bool optional,14 so_no_check bool optional,15 so_bound_dev string optional,16 so_filter fixed64 repeated,17 so_reuseport bool optional,18 so_broadcast bool optional,19 so_keepalive bool optional,20 tcp_keepcnt uint32 optional,21 tcp_keepidle uint32 optional,22 tcp_keepintvl uint32 optional,23 so_oobinline uint32 optional,24 so_linger uint32 optional,25 so_buf_lock uint32 optional',
  ip_opts_raw_entry:
    '1 hdrincl bool optional,2 nodefrag bool optional,3 checksum bool optional,4 icmpv_filter uint32 repeated',
  ip_opts_entry: '1 freebind bool optional,4 raw ip_opts_raw_entry optional',
  inet_sk_entry:
    '1 id uint32 required,2 ino uint32 required,3 family uint32 required,4 type uint32 required,5 proto uint32 required,6 state uint32 required,7 src_port uint32 required,8 dst_port uint32 required,9 flags uint32 required,10 backlog uint32 required,11 src_addr uint32 repeated,12 dst_addr uint32 repeated,13 fown fown_entry required,14 opts sk_opts_entry required,15 v6only bool optional,16 ip_opts ip_opts_entry optional,17 ifname string optional,18 ns_id uint32 optional,19 shutdown enum optional',
  file_perms_entry: '1 mode uint32 required,2 uid uint32 required,3 gid uint32 required',
  unix_sk_entry:
    '1 id uint32 required,2 ino uint32 required,3 type uint32 required,4 state uint32 required,5 flags uint32 required,6 uflags uint32 required,7 backlog uint32 required,8 peer uint32 required,9 fown fown_entry required,10 opts sk_opts_entry required,11 name bytes required,12 shutdown enum optional,13 file_perms file_perms_entry optional,14 name_dir string optional,15 deleted bool optional,16 ns_id uint32 optional,17 mnt_id sint32 optional',
  netlink_sk_entry:
    '1 id uint32 required,2 ino uint32 required,3 protocol uint32 required,4 state uint32 required,6 flags uint32 required,7 portid uint32 required,8 groups uint32 repeated,9 dst_portid uint32 required,10 dst_group uint32 required,11 fown fown_entry required,12 opts sk_opts_entry required,13 ns_id uint32 optional',
  packet_mclist: '1 index uint32 required,2 type uint32 required,3 addr bytes required',
  packet_ring:
    '1 block_size uint32 required,2 block_nr uint32 required,3 frame_size uint32 required,4 frame_nr uint32 required,5 retire_tmo uint32 required,6 sizeof_priv uint32 required,7 features uint32 required',
  packet_sock_entry:
    '1 id uint32 required,2 type uint32 required,3 protocol uint32 required,4 flags uint32 required,5 ifindex uint32 required,6 fown fown_entry required,7 opts sk_opts_entry required,8 version uint32 required,9 reserve uint32 required,10 aux_data bool required,11 orig_dev bool required,12 vnet_hdr bool required,13 loss bool required,14 timestamp uint32 required,15 copy_thresh uint32 required,16 mclist packet_mclist repeated,17 fanout uint32 optional,18 rx_ring packet_ring optional,19 tx_ring packet_ring optional,20 ns_id uint32 optional',
  scm_entry: '1 type uint32 required,2 rights uint32 repeated',
  sk_packet_entry: '1 id_for uint32 required,2 length uint32 required,4 scm scm_entry repeated',
  tcp_stream_entry:
    '1 inq_len uint32 required,2 inq_seq uint32 required,3 outq_len uint32 required,4 outq_seq uint32 required,5 opt_mask uint32 required,6 snd_wscale uint32 required,7 mss_clamp uint32 required,8 rcv_wscale uint32 optional,9 timestamp uint32 optional,10 cork bool optional,11 nodelay bool optional,12 unsq_len uint32 optional,13 snd_wl1 uint32 optional,14 snd_wnd uint32 optional,15 max_window uint32 optional,16 rcv_wnd uint32 optional,17 rcv_wup uint32 optional',
  inventory_entry:
    '1 img_version uint32 required,2 fdinfo_per_id bool optional,3 root_ids task_kobj_ids_entry optional,4 ns_per_id bool optional,5 root_cg_set uint32 optional,6 lsmtype enum optional,8 dump_uptime uint64 optional,9 pre_dump_mode uint32 optional,10 tcp_close bool optional,11 network_lock_method uint32 optional',
  pstree_entry:
    '1 pid uint32 required,2 ppid uint32 required,3 pgid uint32 required,4 sid uint32 required,5 threads uint32 repeated',
  fs_entry: '1 cwd_id uint32 required,2 root_id uint32 required,3 umask uint32 optional',
  seccomp_filter: '1 filter bytes required,2 prev uint32 optional,3 flags uint32 optional',
  seccomp_entry: '1 seccomp_filters seccomp_filter repeated',
  cgroup_perms: '1 mode uint32 required,2 uid uint32 required,3 gid uint32 required',
  cgroup_prop_entry: '1 name string required,2 value string required,3 perms cgroup_perms optional',
  cgroup_dir_entry:
    '1 dir_name string required,2 children cgroup_dir_entry repeated,3 properties cgroup_prop_entry repeated,4 dir_perms cgroup_perms optional',
  cg_controller_entry: '1 cnames string repeated,2 dirs cgroup_dir_entry repeated',
  cg_member_entry: '1 name string required,2 path string required,3 cgns_prefix uint32 optional',
  cg_set_entry: '1 id uint32 required,2 ctls cg_member_entry repeated',
  cgroup_entry: '1 sets cg_set_entry repeated,2 controllers cg_controller_entry repeated',
  timespec: '1 tv_sec uint64 required,2 tv_nsec uint64 required',
  timens_entry: '1 monotonic timespec required,2 boottime timespec required',
  dump_stats_entry:
    '1 freezing_time uint32 required,2 frozen_time uint32 required,3 memdump_time uint32 required,4 memwrite_time uint32 required,5 pages_scanned uint64 required,6 pages_skipped_parent uint64 required,7 pages_written uint64 required,8 irmap_resolve uint32 optional,9 pages_lazy uint64 required,10 page_pipes uint64 optional,11 page_pipe_bufs uint64 optional,12 shpages_scanned uint64 optional,13 shpages_skipped_parent uint64 optional,14 shpages_written uint64 optional',
  restore_stats_entry:
    '1 pages_compared uint64 required,2 pages_skipped_cow uint64 required,3 forking_time uint32 required,4 restore_time uint32 required,5 pages_restored uint64 optional',
  stats_entry: '1 dump dump_stats_entry optional,2 restore restore_stats_entry optional',
} as const;
