// SPDX-License-Identifier: GPL-3.0-or-later
// What differs from musl as released: data in changes.json, applied to a copy of the source tree.
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Edit {
  why: string;
  file: string;
  from: string;
  to: string;
}

export interface Changes {
  'left out': Record<string, string>;
  /** Of single files, after those of all. */
  flags: Record<string, string[]>;
  edits: Edit[];
}

/** Replaces the one occurrence of `from`; an edit that no longer fits must fail the build, not be lost. */
export function applyEdit(text: string, edit: Edit): string {
  const parts = text.split(edit.from);
  if (parts.length !== 2) {
    throw new Error(
      `${edit.file}: expected "${edit.from}" once, found it ${parts.length - 1} times. ` +
        `This edit (${edit.why}) was written for musl 1.2.3: adapt native/libc/changes.json.`,
    );
  }
  return parts.join(edit.to);
}

/**
 * Copies musl into `tree`, with an architecture `hc`: musl's x86-64 headers under `bits`, then our own files over them.
 */
export async function prepareTree(musl: string, project: string, tree: string): Promise<Changes> {
  await rm(tree, { recursive: true, force: true });
  await cp(musl, tree, { recursive: true });
  await cp(join(tree, 'arch/x86_64/bits'), join(tree, 'arch/hc/bits'), { recursive: true });
  await cp(join(project, 'arch/hc'), join(tree, 'arch/hc'), { recursive: true });
  await cp(join(project, 'overlay'), tree, { recursive: true });

  const changes: Changes = JSON.parse(await readFile(join(project, 'changes.json'), 'utf8'));
  for (const file of Object.keys(changes['left out'])) await rm(join(tree, file));
  for (const edit of changes.edits) {
    const path = join(tree, edit.file);
    await writeFile(path, applyEdit(await readFile(path, 'utf8'), edit));
  }
  return changes;
}
