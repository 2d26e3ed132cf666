// SPDX-License-Identifier: GPL-3.0-or-later
// Picks kernel modules with everything they depend on, and writes the index that modprobe reads. depmod is not used: it
// may be missing, and wants to own the whole module folder.
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import glob from 'fast-glob';

export interface KernelModule {
  name: string;
  path: string;
  dependencies: string[];
  aliases: string[];
}

/** Modules the initramfs needs to reach the root disk and the networks. */
export const bootModules = ['virtio_pci', 'virtio_blk', 'virtio_net', 'ext4'];

/**
 * Loaded by the kernel itself when first asked for: CRIU dumps sockets through the diag modules and locks the network with
 * nf_tables; macvlan, veth and bridge serve containers, the last three make a network slow.
 */
export const lazyModules = [
  ...['inet_diag', 'tcp_diag', 'udp_diag', 'raw_diag', 'unix_diag', 'af_packet_diag', 'netlink_diag'],
  ...[
    'nfnetlink',
    'libcrc32c',
    'nf_tables',
    'nft_ct',
    'nft_reject_inet',
    'nf_conntrack',
    'nf_conntrack_netlink',
  ],
  ...['crc32c_generic', 'af_packet', 'tun', 'veth', 'bridge', 'macvlan', 'overlay', 'loop'],
  ...['sch_netem', 'sch_prio', 'cls_u32'],
];

/** `a-b` and `a_b` name one module. */
const canonical = (name: string): string => name.replaceAll('-', '_');

/** The strings `key=value` of the .modinfo section: NUL-terminated, so they can be found without reading ELF headers. */
function modinfo(bytes: Buffer, key: string): string[] {
  const values: string[] = [];
  const needle = Buffer.from(`\0${key}=`);
  for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + 1)) {
    const start = at + needle.length;
    values.push(bytes.toString('latin1', start, bytes.indexOf(0, start)));
  }
  return values;
}

/** The wanted modules and all they depend on, dependencies first. Modules built into the kernel are left out. */
export async function selectModules(folder: string, wanted: string[]): Promise<KernelModule[]> {
  const files = await glob('kernel/**/*.ko', { cwd: folder, absolute: true });
  const paths = new Map(files.map((path) => [canonical(basename(path, '.ko')), path]));
  const builtin = await readFile(join(folder, 'modules.builtin'), 'utf8');
  const builtins = new Set(builtin.split('\n').map((line) => canonical(basename(line, '.ko'))));

  const selected = new Map<string, KernelModule>();
  async function add(raw: string): Promise<void> {
    const name = canonical(raw);
    if (selected.has(name) || builtins.has(name)) return;
    const path = paths.get(name);
    if (!path) throw new Error(`The kernel in ${folder} has no module ${name}.`);
    const bytes = await readFile(path);
    const dependencies = (modinfo(bytes, 'depends')[0] ?? '').split(',').filter(Boolean).map(canonical);
    for (const dependency of dependencies) await add(dependency);
    selected.set(name, { name, path, dependencies, aliases: modinfo(bytes, 'alias') });
  }
  for (const name of wanted) await add(name);
  return [...selected.values()];
}

/** Writes modules and index for `modprobe` into a module folder (`/lib/modules/<release>`). */
export async function installModules(modules: KernelModule[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { name, path } of modules) await copyFile(path, join(folder, `${name}.ko`));
  const lines = (each: (module: KernelModule) => string[]): string => `${modules.flatMap(each).join('\n')}\n`;
  const closure = (module: KernelModule): string[] =>
    module.dependencies.flatMap((name) => {
      const dependency = modules.find((candidate) => candidate.name === name);
      return dependency ? [name, ...closure(dependency)] : [];
    });
  await writeFile(
    join(folder, 'modules.dep'),
    lines((module) => [
      `${module.name}.ko:${[...new Set(closure(module))].map((name) => ` ${name}.ko`).join('')}`,
    ]),
  );
  await writeFile(
    join(folder, 'modules.alias'),
    lines((module) => module.aliases.map((alias) => `alias ${alias} ${module.name}`)),
  );
  await writeFile(join(folder, 'modules.symbols'), '');
}
