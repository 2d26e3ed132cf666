// SPDX-License-Identifier: GPL-3.0-or-later

/** A field the schema does not know, as it stood in the image: tag and value. */
export interface UnknownField {
  number: number;
  bytes: Buffer;
}

/** What every decoded message has in common. */
export interface Message {
  /** Kept on decoding and written back in their place. Absent if there are none. */
  $unknown?: UnknownField[] | undefined;
}
