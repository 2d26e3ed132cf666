// SPDX-License-Identifier: GPL-3.0-or-later
// Builds both guests' boot images, keyed by everything they are made from: unchanged inputs mean no work.
import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { downloadBinaries, resolveDependency } from '@h-containers/debian-packages';
import { execa } from 'execa';
import glob from 'fast-glob';
import { type GuestPlan, type Isa, isas, plans } from '../architectures.ts';
import { cache, imageFiles, images } from '../paths.ts';
import { buildInitramfs } from './initramfs.ts';
import { type GuestKeys, keyPairs } from './keys.ts';
import { busyboxPackage, kernelPackage, nodeVersion, rootPackages } from './packages.ts';
import { buildRoot, unpackKernel } from './root.ts';
import { rshSource } from './rsh.ts';

export interface BootImages {
  kernel: string;
  initramfs: string;
  disk: string;
}

type Report = (message: string) => void;

const keysFolder = join(cache, 'guests', 'keys');

export function guestKeys(): Promise<GuestKeys> {
  return keyPairs(keysFolder);
}

/** Node.js for the guest, as npm packages it: one binary per platform. */
async function downloadNode(plan: GuestPlan): Promise<string> {
  const folder = join(cache, 'npm', `${plan.nodePackage}-${nodeVersion}`);
  const binary = join(folder, 'package/bin/node');
  if ((await glob(binary)).length > 0) return binary;
  await mkdir(join(cache, 'npm'), { recursive: true });
  const scratch = await mkdtemp(join(cache, 'npm', 'scratch-'));
  try {
    const specifier = `${plan.nodePackage}@${nodeVersion}`;
    // Outside any package.json, or npm would take the monorepo's settings.
    await execa('npm', ['pack', '--silent', specifier], { cwd: scratch, stdin: 'ignore' });
    const [archive = ''] = await glob('*.tgz', { cwd: scratch, absolute: true });
    await execa('tar', ['-xzf', archive, '-C', scratch]);
    await rm(archive);
    await rm(folder, { recursive: true, force: true });
    await rename(scratch, folder);
  } catch (cause) {
    await rm(scratch, { recursive: true, force: true });
    throw new Error(`Can't fetch Node.js for the ${plan.isa} guest from npm (${plan.nodePackage}).`, {
      cause,
    });
  }
  return binary;
}

async function contentKey(parts: string[]): Promise<string> {
  const hash = createHash('sha256');
  const sources = await glob(['*.ts'], { cwd: import.meta.dirname, absolute: true });
  const files = await glob(['*'], { cwd: imageFiles, absolute: true });
  for (const path of [...sources, ...files, rshSource].sort()) {
    hash.update(`${basename(path)}\0`).update(await readFile(path));
  }
  for (const part of parts) hash.update(`${part}\0`);
  return hash.digest('hex');
}

async function buildImages(plan: GuestPlan, keys: GuestKeys, report: Report): Promise<BootImages> {
  const folder = join(images, plan.isa);
  const result = {
    kernel: join(folder, 'kernel'),
    initramfs: join(folder, 'initramfs'),
    disk: join(folder, 'root.ext4'),
  };
  const kernelName = await resolveDependency(kernelPackage[plan.debian], plan.debian, /^linux-image-6\.1\./);
  const debs = await downloadBinaries([...rootPackages, kernelName], plan.debian);
  const kernelDeb = debs.pop() ?? '';
  const [hostBusybox = ''] = await downloadBinaries([busyboxPackage], 'amd64');
  const node = await downloadNode(plan);

  const inputs = [plan.isa, kernelDeb, ...debs, node, keys.user.publicKey, keys.host.publicKey];
  const key = await contentKey(inputs.map((input) => basename(input)));
  const stamp = join(folder, 'inputs');
  if ((await readFile(stamp, 'utf8').catch(() => '')) === key) return result;

  report(`building the ${plan.isa} guest`);
  await mkdir(folder, { recursive: true });
  await rm(stamp, { force: true });
  const scratch = await mkdtemp(join(folder, 'build-'));
  try {
    await execa('dpkg-deb', ['-x', hostBusybox, join(scratch, 'host')]);
    const kernel = await unpackKernel(scratch, kernelDeb);
    const built = (name: string) => join(scratch, name);
    await buildRoot(
      scratch,
      plan,
      { debs, modules: kernel.modules, release: kernel.release, node, keys },
      join(scratch, 'host/bin/busybox'),
      built('root.ext4'),
    );
    await buildInitramfs(
      scratch,
      { busybox: join(scratch, 'root/bin/busybox'), modules: kernel.modules },
      built('initramfs.cpio'),
    );
    await copyFile(kernel.image, result.kernel);
    await rename(built('rsh'), join(folder, 'rsh'));
    await rename(built('initramfs.cpio'), result.initramfs);
    await rename(built('root.ext4'), result.disk);
    await writeFile(stamp, key);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return result;
}

/** Both guests' boot images, built if anything they are made from has changed. */
export async function ensureImages(report: Report): Promise<Record<Isa, BootImages>> {
  const keys = await guestKeys();
  const pairs = await Promise.all(
    isas.map(async (isa) => [isa, await buildImages(plans[isa], keys, report)] as const),
  );
  return Object.fromEntries(pairs) as Record<Isa, BootImages>;
}
