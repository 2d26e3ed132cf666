// SPDX-License-Identifier: GPL-3.0-or-later
import type { ImageSink } from './sink.ts';
import type { ImageSource } from './source.ts';

/** Small members and pages as they are; the caller ends both. */
export async function copyImages(source: ImageSource, sink: ImageSink): Promise<void> {
  for (const name of source.names) await sink.add(name, await source.read(name));
  await copyPages(source, sink);
}

export async function copyPages(source: ImageSource, sink: ImageSink): Promise<void> {
  for await (const { name, size, chunks } of source.pages()) await sink.addStream(name, size, chunks());
}
