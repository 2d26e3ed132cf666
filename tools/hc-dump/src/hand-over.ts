// SPDX-License-Identifier: GPL-3.0-or-later
// CRIU's own way to migrate: it holds the dumped processes until a script of ours (hand-over) tells what becomes of them.
import { closeSync, constants, existsSync, openSync, writeSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HcError, systemError } from '@h-containers/tool-kit';
import { execa } from 'execa';

/** Next to cli.js, or in the source tree: in both cases next to this module. */
export const HAND_OVER_SCRIPT = fileURLToPath(new URL('./hand-over', import.meta.url));

/** To both ends at once: with one only, opening would wait for the other side. */
const BOTH_ENDS = constants.O_RDWR | constants.O_NONBLOCK;

export type Verdict = 'end' | 'run';

/** Two named pipes among the images, and the list of what must be undone if the processes run on. */
export class HandOver {
  readonly #verdict: number;
  readonly #dumped: Socket;
  readonly #undo: string;
  readonly #steps: string[] = [];
  #given: Verdict | undefined;

  private constructor(directory: string) {
    this.#verdict = openSync(join(directory, 'verdict'), BOTH_ENDS);
    this.#dumped = new Socket({ fd: openSync(join(directory, 'dumped'), BOTH_ENDS), writable: false });
    this.#undo = join(directory, 'undo');
  }

  static async prepare(directory: string): Promise<HandOver> {
    await mkdir(directory, { recursive: true });
    try {
      await execa('mkfifo', ['-m', '600', join(directory, 'verdict'), join(directory, 'dumped')]);
    } catch (error) {
      throw systemError(error, `${directory} (--work-dir)`);
    }
    return new HandOver(directory);
  }

  /** Returns once the dump is complete and CRIU waits for the verdict. `ended` is CRIU's end. */
  async dumped(ended: Promise<unknown>): Promise<void> {
    const early = ended.then(() => {
      throw new HcError('criu ended without having handed the processes over', {
        hint: 'hc-dump needs a CRIU that runs action scripts: see criu(8)',
      });
    });
    early.catch(() => {});
    await Promise.race([new Promise((resolve) => this.#dumped.once('data', resolve)), early]);
  }

  /** Decided once; what follows is CRIU's. */
  decide(verdict: Verdict): void {
    if (this.#given !== undefined) return;
    this.#given = verdict;
    writeSync(this.#verdict, `${verdict}\n`);
  }

  /** A shell command that the script runs if the processes run on; the last one first. To be given before it is needed. */
  async undo(command: string): Promise<void> {
    this.#steps.unshift(command);
    await writeFile(this.#undo, `rm -f undo\n${this.#steps.join('\n')}\n`);
  }

  /** Where CRIU failed before it came to our script. */
  async undoAll(): Promise<void> {
    if (existsSync(this.#undo)) await execa('sh', ['./undo'], { cwd: join(this.#undo, '..'), reject: false });
    await rm(this.#undo, { force: true });
  }

  close(): void {
    this.#dumped.destroy();
    closeSync(this.#verdict);
  }
}
