// SPDX-License-Identifier: GPL-3.0-or-later
// The root file system of a guest: Debian packages unpacked without their maintainer scripts, made bootable by a few
// files, and written as ext4 by mke2fs. None of it needs root.
import { access, chmod, copyFile, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unpackBinary } from '@h-containers/debian-packages';
import { execa } from 'execa';
import { type GuestPlan, plans } from '../architectures.ts';
import { imageFiles } from '../paths.ts';
import { installModules, lazyModules, selectModules } from './kernel-modules.ts';
import type { GuestKeys } from './keys.ts';
import { unused } from './packages.ts';
import { buildRsh } from './rsh.ts';

export interface RootParts {
  debs: string[];
  /** Module folder of the kernel package: `.../lib/modules/<release>`. */
  modules: string;
  release: string;
  node: string;
  keys: GuestKeys;
}

/** Large enough for programs, images and their results; the file is sparse. */
const diskSize = '2G';
/** Any fixed values: the same input gives the same image. */
const diskId = '68636f6e-7461-696e-6572-730000000000';
const epoch = '1700000000';

async function layOut(tree: string, plan: GuestPlan): Promise<void> {
  const folders = [
    'usr/bin',
    'usr/sbin',
    'usr/lib',
    'usr/lib64',
    'usr/local/bin',
    'etc/init.d',
    'etc/dropbear',
  ];
  const mountPoints = ['proc', 'sys', 'dev', 'run', 'tmp'];
  for (const folder of [...folders, ...mountPoints, 'root/.ssh', 'var/tmp', 'var/lib', 'work']) {
    await mkdir(join(tree, folder), { recursive: true });
  }
  const merged = plan.debian === 'amd64' ? ['bin', 'sbin', 'lib', 'lib64'] : ['bin', 'sbin', 'lib'];
  for (const name of merged) await symlink(`usr/${name}`, join(tree, name));
  await symlink('../run', join(tree, 'var/run'));
}

/** dpkg-deb -x would replace the links of the merged /usr; tar is told to keep them. */
async function unpack(deb: string, tree: string): Promise<void> {
  await execa('sh', [
    '-c',
    'dpkg-deb --fsys-tarfile "$1" | tar -x --keep-directory-symlink --no-same-owner -C "$2"',
    'sh',
    deb,
    tree,
  ]);
}

/** Every busybox command that no package provides. */
async function linkBusybox(tree: string, busybox: string): Promise<void> {
  // The commands are the same for both architectures, and only this machine's busybox runs here.
  const { stdout } = await execa(busybox, ['--list']);
  const present = new Set(
    (await Promise.all(['usr/bin', 'usr/sbin'].map((folder) => readdir(join(tree, folder))))).flat(),
  );
  for (const command of stdout.split('\n')) {
    const folder = ['init', 'poweroff', 'modprobe'].includes(command) ? 'usr/sbin' : 'usr/bin';
    if (!present.has(command)) await symlink('/bin/busybox', join(tree, folder, command));
  }
}

async function writeFiles(tree: string, parts: RootParts): Promise<void> {
  const { user, host } = parts.keys;
  const peers = Object.values(plans);
  const files: Record<string, string | Buffer> = {
    'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n',
    'etc/group': 'root:x:0:\ntty:x:5:\nnogroup:x:65534:\n',
    'etc/shells': '/bin/sh\n',
    'etc/hosts': ['127.0.0.1 localhost', ...peers.map((peer) => `${peer.address} ${peer.isa}`), ''].join(
      '\n',
    ),
    'etc/dropbear/dropbear_ed25519_host_key': host.dropbear,
    'root/.ssh/authorized_keys': `${user.publicKey}\n`,
    'root/.ssh/id_dropbear': user.dropbear,
    'root/.ssh/known_hosts': peers
      .flatMap((peer) => [peer.isa, peer.address])
      .map((name) => `${name} ${host.publicKey}\n`)
      .join(''),
  };
  for (const [path, content] of Object.entries(files)) {
    await writeFile(join(tree, path), content, { mode: path.startsWith('root/') ? 0o600 : 0o644 });
  }
  await chmod(join(tree, 'root'), 0o700);
  await chmod(join(tree, 'root/.ssh'), 0o700);
  const scripts = { inittab: 'etc/inittab', start: 'etc/init.d/start', ssh: 'usr/bin/ssh' };
  for (const [name, path] of Object.entries(scripts)) {
    await copyFile(join(imageFiles, name), join(tree, path));
    await chmod(join(tree, path), 0o755);
  }
}

/** Builds the root disk; `busybox` runs on this machine. */
export async function buildRoot(
  scratch: string,
  plan: GuestPlan,
  parts: RootParts,
  busybox: string,
  output: string,
): Promise<void> {
  const tree = join(scratch, 'root');
  await mkdir(tree, { recursive: true });
  await layOut(tree, plan);
  for (const deb of parts.debs) await unpack(deb, tree);
  for (const path of unused) await rm(join(tree, path), { recursive: true, force: true });
  await linkBusybox(tree, busybox);
  await writeFiles(tree, parts);
  await installModules(
    await selectModules(parts.modules, lazyModules),
    join(tree, 'usr/lib/modules', parts.release),
  );
  await buildRsh(scratch, plan, join(scratch, 'rsh'));
  await copyFile(join(scratch, 'rsh'), join(tree, 'usr/bin/rsh'));
  await execa('llvm-strip-19', ['-o', join(tree, 'usr/bin/node'), parts.node]);
  await rm(output, { force: true });
  await execa(
    'mke2fs',
    [
      ...['-q', '-t', 'ext4', '-O', '^has_journal', '-m', '0', '-U', diskId],
      ...['-E', `hash_seed=${diskId},root_owner=0:0`, '-d', tree, output, diskSize],
    ],
    { env: { PATH: `${process.env.PATH}:/usr/sbin:/sbin`, E2FSPROGS_FAKE_TIME: epoch } },
  );
}

export async function unpackKernel(
  scratch: string,
  deb: string,
): Promise<{ image: string; modules: string; release: string }> {
  const tree = join(scratch, 'kernel');
  await unpackBinary(deb, tree);
  const [release = ''] = await readdir(join(tree, 'lib/modules'));
  const image = join(tree, 'boot', `vmlinuz-${release}`);
  await access(image);
  return { image, modules: join(tree, 'lib/modules', release), release };
}
