// SPDX-License-Identifier: GPL-3.0-or-later
import { ensureImages } from './image/build.ts';

await ensureImages((message) => console.error(message));
