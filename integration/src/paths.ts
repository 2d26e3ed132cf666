// SPDX-License-Identifier: GPL-3.0-or-later
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const top = fileURLToPath(new URL('../..', import.meta.url));
export const cache = join(top, '.cache');
/** Boot images and keys. */
export const images = join(cache, 'guests', 'images');
/** One folder per running pair of guests: sockets, consoles, process ids. */
export const runs = join(cache, 'guests', 'run');
/** This machine's end of the guests' remote shell, built with the images of the guest of the same ISA. */
export const rshClient = join(images, process.arch === 'arm64' ? 'aarch64' : 'x86-64', 'rsh');
export const imageFiles = join(top, 'integration', 'image');
export const tools = join(top, 'tools');
