// SPDX-License-Identifier: GPL-3.0-or-later
// Debian's busybox, lifted, and what it is given to do: busybox/applets.sh.
import { copyFile, cp, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Architecture, downloadBinary, unpackBinary } from '@h-containers/debian-packages';
import type { Program } from './build.ts';
import { liftExecutable } from './lifted.ts';
import { once } from './once.ts';
import { top } from './paths.ts';

const scripts = join(top, 'integration/busybox');
const texts = join(top, 'integration/programs');

const packageFile = (architecture: Architecture) => downloadBinary('busybox-static', architecture);

/** A static executable of glibc, stripped. */
export async function busyboxExecutable(architecture: Architecture): Promise<string> {
  const deb = await packageFile(architecture);
  const folder = await once('busybox-static', [basename(deb)], (scratch) => unpackBinary(deb, scratch));
  return join(folder, 'bin/busybox');
}

/** All are compared with the one that runs here. */
export async function liftBusybox(architecture: Architecture): Promise<Program> {
  const program = await liftExecutable(`busybox-${architecture}`, await busyboxExecutable(architecture));
  return { ...program, reference: await busyboxExecutable('amd64') };
}

/** A folder with the scripts and what they read: the same for all. */
export async function busyboxInput(): Promise<string> {
  const deb = await packageFile('amd64');
  const key = await Promise.all(
    ['applets.sh', 'long.sh'].map((name) => readFile(join(scripts, name), 'utf8')),
  );
  return once('busybox-input', [basename(deb), ...key], async (folder) => {
    await cp(scripts, folder, { recursive: true });
    await cp(texts, join(folder, 'text'), { recursive: true });
    await copyFile(deb, join(folder, 'package.deb'));
  });
}

/** The names of applets.sh's sections, in their order. */
export async function sectionNames(): Promise<string[]> {
  const script = await readFile(join(scripts, 'applets.sh'), 'utf8');
  return [...script.matchAll(/^section '(.*)'$/gm)].map(([, name = '']) => name);
}

/**
 * A shell command that runs applets.sh under a busybox at `app`, with a folder for itself. Its executable may have any name,
 * so a link tells it that it is busybox; the applets are links that it makes itself.
 */
export function appletsCommand(app: string, input: string, folder: string, port: number): string {
  return [
    `mkdir -p ${folder}/bin ${folder}/run && cd ${folder}/run && ln -sf ${app} ../bin/busybox`,
    '../bin/busybox --install -s ../bin',
    `env -i PATH=${folder}/bin ../bin/sh ${input}/applets.sh ${input} ${port} </dev/null`,
  ].join(' && ');
}

/** What each section wrote. */
export function sections(output: string): Map<string, string> {
  const parts = output.split(/^== (.*)\n/m);
  const result = new Map<string, string>();
  for (let index = 1; index < parts.length; index += 2)
    result.set(parts[index] ?? '', parts[index + 1] ?? '');
  return result;
}
