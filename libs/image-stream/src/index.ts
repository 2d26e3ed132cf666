// SPDX-License-Identifier: GPL-3.0-or-later

export type { Chunks } from './chunks.ts';
export { CONFIRM_SIZE, hasReader, LOCAL_CONFIRM_SIZE, writeConfirm } from './confirm.ts';
export { copyImages, copyPages } from './copy.ts';
export { DEFAULT_LIMITS, type Limits } from './limits.ts';
export { CONFIRM, placeOf } from './names.ts';
export { READY_SIZE, writeReady } from './ready.ts';
export { type ImageSink, type OpenOutput, openOutput } from './sink.ts';
export { type ImageSource, type OpenImages, openImages, type PagesMember } from './source.ts';
