// SPDX-License-Identifier: GPL-3.0-or-later
import { mkdirSync, writeFileSync } from 'node:fs';
import { generateSources } from './schema-source.ts';

const directory = new URL('../src/generated/', import.meta.url);
const { schema, types } = generateSources();
mkdirSync(directory, { recursive: true });
writeFileSync(new URL('schema.ts', directory), schema);
writeFileSync(new URL('types.ts', directory), types);
