// SPDX-License-Identifier: GPL-3.0-or-later
import { type Cleanup, HcError, refuseTerminalInput } from '@h-containers/tool-kit';
import type { Chunks } from './chunks.ts';
import { openDirectory } from './directory-source.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import type { ImageSink } from './sink.ts';
import { StreamSource } from './stream-source.ts';

export interface PagesMember {
  name: string;
  size: number;
  /** The contents in order; once, unless `read` is there. */
  chunks(): Chunks;
  /** Random access; only where the pages lie in a file. */
  read?: (position: number, length: number) => Promise<Buffer>;
}

/** An image directory, wherever it comes from. Small members are at hand at once, pages come one after the other. */
export interface ImageSource {
  /** For messages: the directory, or "standard input". */
  readonly location: string;
  /** Small members in the order they came in. */
  readonly names: readonly string[];
  has(name: string): boolean;
  /** A small member. */
  read(name: string): Promise<Buffer>;
  /**
   * pages-*.img. What is not read of one is skipped. Can be gone through again where `read` is there; from a pipe they come
   * once.
   */
  pages(): AsyncIterable<PagesMember>;
  /**
   * To be called after one's own work is done: reads what is left, hands hc/confirm on to the sink if there is one, and
   * makes sure that the input was whole. Releases everything.
   */
  finish(passTo?: ImageSink): Promise<void>;
  /** Gives up early. */
  close(): Promise<void>;
}

export interface OpenImages {
  /** --in DIR; without it the stream on stdin is read. */
  in?: string | undefined;
  stdin?: Chunks & { isTTY?: boolean };
  limits?: Partial<Limits>;
  /** Takes care of spool files if the tool is interrupted. */
  cleanup?: Cleanup;
}

export async function openImages(options: OpenImages): Promise<ImageSource> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  if (options.in !== undefined) return openDirectory(options.in, limits);
  const stdin = options.stdin ?? process.stdin;
  refuseTerminalInput(stdin);
  return StreamSource.open(stdin, limits, options.cleanup);
}

export function noSuchMember(location: string, name: string): HcError {
  return new HcError(`${location}: there is no ${name}`, {
    hint: 'the images are incomplete, or they come from another version of CRIU',
  });
}
