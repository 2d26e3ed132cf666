// SPDX-License-Identifier: GPL-3.0-or-later
// One key pair lets the machine into the guests and the guests into each other, one is both guests' host key. Made once,
// kept in the cache. They guard nothing: the guests live on a network of their own and are reached through the loopback only.
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

export interface KeyPair {
  /** Path of the private key in OpenSSH's format. */
  path: string;
  /** The private key in dropbear's format. */
  dropbear: Buffer;
  /** `ssh-ed25519 AAAA...`. */
  publicKey: string;
}

function sshString(content: Buffer | string): Buffer {
  const bytes = Buffer.from(content);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** Reads the length-prefixed strings of RFC 4251 one after the other. */
function sshReader(bytes: Buffer, offset: number): { string(): Buffer; skip(count: number): void } {
  let at = offset;
  return {
    string() {
      const length = bytes.readUInt32BE(at);
      at += 4 + length;
      return bytes.subarray(at - length, at);
    },
    skip(count) {
      at += count;
    },
  };
}

/**
 * An unencrypted OpenSSH ed25519 key (PROTOCOL.key in OpenSSH's source) as dropbear stores it: the type, then one string
 * of private seed and public key.
 */
export function toDropbear(openssh: string): Buffer {
  const bytes = Buffer.from(openssh.replace(/-----[A-Z ]+-----/g, ''), 'base64');
  const outer = sshReader(bytes, 'openssh-key-v1\0'.length);
  for (const _ of ['cipher', 'kdf', 'kdf options']) outer.string();
  outer.skip(4); // number of keys
  outer.string(); // public key
  const inner = sshReader(outer.string(), 8); // two check words
  const type = inner.string().toString();
  inner.string(); // public key
  return Buffer.concat([sshString(type), sshString(inner.string())]);
}

async function keyPair(folder: string, name: string): Promise<KeyPair> {
  const path = join(folder, name);
  const load = async (): Promise<KeyPair> => {
    const text = await readFile(`${path}.pub`, 'utf8');
    return {
      path,
      dropbear: toDropbear(await readFile(path, 'utf8')),
      publicKey: text.split(' ').slice(0, 2).join(' ').trim(),
    };
  };
  try {
    return await load();
  } catch {
    await mkdir(folder, { recursive: true });
    const scratch = await mkdtemp(`${path}-`);
    await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', join(scratch, name)], {
      stdin: 'ignore',
    });
    // The public key comes last: with it, the pair is complete.
    for (const file of [name, `${name}.pub`]) await rename(join(scratch, file), join(folder, file));
    await rm(scratch, { recursive: true });
    return load();
  }
}

export interface GuestKeys {
  user: KeyPair;
  host: KeyPair;
}

export async function keyPairs(folder: string): Promise<GuestKeys> {
  return { user: await keyPair(folder, 'user'), host: await keyPair(folder, 'host') };
}
