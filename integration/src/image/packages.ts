// SPDX-License-Identifier: GPL-3.0-or-later
// What the guests' root file system is made of: Debian packages, named one by one (dependencies that nothing here
// loads, such as Python for CRIU's image viewer, are left out), and Node.js from npm.

/** Statically linked: one busybox serves the initramfs and most commands of the root file system. */
export const busyboxPackage = 'busybox-static';

export const kernelPackage = { amd64: 'linux-image-cloud-amd64', arm64: 'linux-image-cloud-arm64' } as const;

export const rootPackages = [
  busyboxPackage,
  ...['libc6', 'libgcc-s1', 'libstdc++6', 'libcrypt1', 'zlib1g'],
  // CRIU and what it loads
  ...['criu', 'libprotobuf-c1', 'libnl-3-200', 'libnet1', 'libbsd0', 'libmd0', 'libnftables1', 'libnftnl11'],
  ...[
    'libmnl0',
    'libxtables12',
    'libjansson4',
    'libgmp10',
    'libgnutls30',
    'libp11-kit0',
    'libffi8',
    'libidn2-0',
  ],
  ...['libunistring2', 'libtasn1-6', 'libnettle8', 'libhogweed6'],
  // CRIU calls GNU tar for tmpfs; busybox's breaks its dump.
  ...['tar', 'gzip', 'libacl1', 'libselinux1', 'libpcre2-8-0'],
  // network: ip, ss, nft, arping, ssh both ways
  ...[
    'iproute2',
    'libbpf1',
    'libelf1',
    'libcap2',
    'libdb5.3',
    'nftables',
    'libedit2',
    'libtinfo6',
    'iputils-arping',
  ],
  ...[
    'libtirpc3',
    'libgssapi-krb5-2',
    'libkrb5-3',
    'libk5crypto3',
    'libkrb5support0',
    'libcom-err2',
    'libkeyutils1',
  ],
  ...['dropbear-bin', 'libtomcrypt1', 'libtommath1'],
];

export const nodeVersion = '20.20.2';

/** Bulk that nothing in the guests reads. */
export const unused = [
  ...['doc', 'man', 'locale', 'info', 'lintian', 'bash-completion', 'zsh', 'fish', 'bug', 'perl5'].map(
    (name) => `usr/share/${name}`,
  ),
  'usr/include',
  'usr/lib/python3',
];
