// SPDX-License-Identifier: GPL-3.0-or-later
import { join } from 'node:path';
import { top } from '../paths.ts';

/** Sources of the benchmark programs. */
export const benchmarks = join(top, 'integration/benchmarks');
export const results = join(top, 'integration/results');
