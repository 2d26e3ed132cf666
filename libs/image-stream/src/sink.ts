// SPDX-License-Identifier: GPL-3.0-or-later
import { type Cleanup, refuseTerminalOutput } from '@h-containers/tool-kit';
import type { Chunks } from './chunks.ts';
import { createDirectory } from './directory-sink.ts';
import { type OutputStream, StreamSink } from './stream-sink.ts';

/** Where an image directory goes. Members come in streaming order: small ones, pages, hc/confirm. */
export interface ImageSink {
  /** For messages: the directory, or "standard output". */
  readonly location: string;
  add(name: string, bytes: Uint8Array): Promise<void>;
  /** Exactly `size` bytes. */
  addStream(name: string, size: number, chunks: Chunks): Promise<void>;
  /** Returns once the kernel has everything that was added so far. */
  flush(): Promise<void>;
  /** Everything is there: ends the archive, or gives the directory its name. */
  finish(): Promise<void>;
  /** Something failed: the reader of a stream sees it cut off, of a directory nothing is left. */
  abort(): Promise<void>;
}

export interface OpenOutput {
  /** --out DIR; without it a stream is written to stdout. */
  out?: string | undefined;
  stdout?: OutputStream & { isTTY?: boolean };
  /** Removes an unfinished directory if the tool fails or is interrupted. */
  cleanup?: Cleanup;
}

export async function openOutput(options: OpenOutput): Promise<ImageSink> {
  if (options.out !== undefined) return createDirectory(options.out, options.cleanup);
  const stdout = options.stdout ?? process.stdout;
  refuseTerminalOutput(stdout);
  return new StreamSink(stdout);
}
