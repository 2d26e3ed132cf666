// SPDX-License-Identifier: GPL-3.0-or-later
// One running guest: commands and files. They go by rsh (integration/rsh), so that a command costs milliseconds and not
// encryption under emulation; dropbear also loses exit codes and output when several commands end at once.
import { mkdir } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa, type Options } from 'execa';
import type { GuestPlan, Isa } from './architectures.ts';
import type { KeyPair } from './image/keys.ts';
import { rshClient } from './paths.ts';
import type { Machine } from './qemu.ts';

export interface ExecOptions {
  /** Nothing by default. */
  stdin?: string | Uint8Array | Readable;
  cwd?: string;
  env?: Record<string, string>;
  timeoutMs?: number;
}

export interface ExecResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** Execa's limit on collected output. */
const largest = 1 << 30;

export class GuestError extends Error {
  readonly result: ExecResult;

  constructor(guest: string, command: string, result: ExecResult) {
    super(
      `In the ${guest} guest: \`${command}\` ended with ${result.code}\n${result.stderr}${result.stdout}`.trim(),
    );
    this.result = result;
  }
}

/** Quotes words for the guest's shell. */
export function quote(words: string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}

export class Guest {
  readonly isa: Isa;
  readonly plan: GuestPlan;
  readonly #machine: Machine;
  readonly #key: KeyPair;

  constructor(machine: Machine, key: KeyPair) {
    this.isa = machine.plan.isa;
    this.plan = machine.plan;
    this.#machine = machine;
    this.#key = key;
  }

  /** Arguments of `ssh` on this machine, for a person's shell; run it in `folder`. */
  get ssh(): { args: string[]; folder: string } {
    const settings = {
      IdentityFile: this.#key.path,
      IdentitiesOnly: 'yes',
      BatchMode: 'yes',
      UserKnownHostsFile: 'known_hosts',
      HostKeyAlias: 'guest',
      LogLevel: 'ERROR',
    };
    const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
    const { port, folder } = this.#machine;
    return { args: ['-F', 'none', ...options, '-p', String(port), 'root@127.0.0.1'], folder };
  }

  /** Waits until it takes commands. It says that it is ready just before its servers listen, hence the tries. */
  async connect(): Promise<void> {
    for (let tries = 100; ; tries -= 1) {
      const { code, stderr } = await this.exec('true', { timeoutMs: 60_000 });
      if (code === 0) return;
      if (tries === 0) throw new Error(`Can't reach the ${this.isa} guest: ${stderr}`);
      await sleep(50);
    }
  }

  /**
   * Sets the clock to this machine's. A kernel reads its hardware clock to the second only, and times that two guests write
   * down are compared. busybox sets whole seconds, so the command is let go on a full second.
   */
  async setClock(): Promise<void> {
    const second = Math.ceil(Date.now() / 1000 + 0.5);
    const child = execa(rshClient, this.#command(`read _ && date -s @${second}`, {}), {
      stdout: 'ignore',
      reject: false,
    });
    await sleep(second * 1000 - Date.now());
    child.stdin.end('\n');
    const { exitCode, stderr } = await child;
    if (exitCode !== 0) throw new Error(`Can't set the clock of the ${this.isa} guest: ${stderr}`);
  }

  /** Arguments of `rsh` for a command in a folder with an environment. */
  #command(command: string, { cwd, env = {} }: Pick<ExecOptions, 'cwd' | 'env'>): string[] {
    const words = Object.entries(env).map(([name, value]) => `export ${name}=${quote([value])};`);
    const full = [cwd ? `cd ${quote([cwd])} &&` : '', ...words, command].filter(Boolean).join(' ');
    return [`127.0.0.1:${this.#machine.commandPort}`, full];
  }

  /** Runs a shell command with streams of your own: `options` are execa's. A command that fails is not thrown. */
  spawn<const T extends Options>(command: string, options: T, place: Pick<ExecOptions, 'cwd' | 'env'> = {}) {
    return execa(rshClient, this.#command(command, place), { ...options, reject: false });
  }

  /** Runs a shell command to its end, whatever its exit code. */
  async exec(command: string, options: ExecOptions = {}): Promise<ExecResult> {
    const { stdin, timeoutMs = 0, ...place } = options;
    const child = execa(rshClient, this.#command(command, place), {
      reject: false,
      stripFinalNewline: false,
      maxBuffer: largest,
      timeout: timeoutMs,
      ...(stdin === undefined ? { stdin: 'ignore' } : { input: stdin }),
    });
    const { exitCode = 255, stdout, stderr, timedOut } = await child;
    if (timedOut) throw new Error(`In the ${this.isa} guest: \`${command}\` took more than ${timeoutMs} ms`);
    return { code: exitCode, stdout, stderr };
  }

  /** Like exec, but a command that fails throws. Returns what it wrote, without the last newline. */
  async run(command: string, options: ExecOptions = {}): Promise<string> {
    const result = await this.exec(command, options);
    if (result.code !== 0) throw new GuestError(this.isa, command, result);
    return result.stdout.replace(/\n$/, '');
  }

  /** Copies a folder's content into the guest's folder `remote`, which is made if need be. */
  async put(local: string, remote: string): Promise<void> {
    const pack = execa('tar', ['-C', local, '-cf', '-', '.'], { buffer: false, stdin: 'ignore' });
    const unpack = `mkdir -p ${quote([remote])} && tar -C ${quote([remote])} --no-same-owner -xf -`;
    await Promise.all([this.run(unpack, { stdin: pack.stdout }), pack]);
  }

  /** Writes one file. */
  async write(remote: string, content: string | Uint8Array, mode = '644'): Promise<void> {
    const path = quote([remote]);
    await this.run(`mkdir -p "$(dirname ${path})" && cat > ${path} && chmod ${mode} ${path}`, {
      stdin: content,
    });
  }

  /** Reads one file. */
  async read(remote: string): Promise<Buffer> {
    const command = `cat ${quote([remote])}`;
    const result = await this.spawn(command, {
      encoding: 'buffer',
      maxBuffer: largest,
      stripFinalNewline: false,
    });
    const { exitCode = 255, stdout, stderr } = result;
    if (exitCode !== 0) {
      const text = Buffer.from(stderr).toString();
      throw new GuestError(this.isa, command, { code: exitCode, stdout: '', stderr: text });
    }
    return Buffer.from(stdout);
  }

  /** Copies the content of the guest's folder `remote` into `local`, which is made if need be. */
  async get(remote: string, local: string): Promise<void> {
    await mkdir(local, { recursive: true });
    const pack = this.spawn(`tar -C ${quote([remote])} -cf - .`, { buffer: false, stdin: 'ignore' });
    const unpack = execa('tar', ['-C', local, '--no-same-owner', '-xf', '-'], { input: pack.stdout });
    const [{ exitCode }] = await Promise.all([pack, unpack]);
    if (exitCode !== 0)
      throw new Error(`In the ${this.isa} guest: can't read ${remote} (exit code ${exitCode})`);
  }
}
