// SPDX-License-Identifier: GPL-3.0-or-later
export { encodeMessage } from './encode.ts';
export * from './generated/types.ts';
export {
  type AnyImage,
  decodeImage,
  decodeImageAs,
  encodeImage,
  type HeadOf,
  type Image,
  type MessageOf,
  type NewImage,
  newImage,
  type OpaqueImage,
  onlyMessage,
} from './image.ts';
export { type ImageKind, imageKind } from './kinds.ts';
export type { Message, UnknownField } from './message.ts';
export {
  decodePagemap,
  encodePagemap,
  findRange,
  offsetOf,
  PAGE_SIZE,
  type Pagemap,
  type PageRange,
  PE_LAZY,
  PE_PARENT,
  PE_PRESENT,
  pagemapOf,
} from './pagemap.ts';
