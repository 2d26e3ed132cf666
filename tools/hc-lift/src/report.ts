// SPDX-License-Identifier: GPL-3.0-or-later
// What the lifter found, as native/lift/src/Report.cpp writes it.

export interface Report {
  entry: string;
  instructions: number;
  functions: { address: string; name: string; found: string }[];
  /** Where bytes were reached that are no known instruction. */
  undecoded: { address: string; bytes: string }[];
  /** Operations of known instructions that can't be lifted: how often. */
  unlifted: Record<string, number>;
  /** Indirect jumps without a table: they go wherever their register says, to known code only. */
  indirectJumps: { address: string; function: string }[];
  /** Code that nothing leads to, as [begin, end). */
  neverReached: [string, string][];
  neverReachedBytes: number;
  /** Threads may see in which order memory is accessed: it is kept. */
  ordered: boolean;
}

export function parseReport(text: string): Report {
  return JSON.parse(text) as Report;
}

export function summary(report: Report): string {
  const { functions, instructions, undecoded, unlifted } = report;
  const kinds = Object.keys(unlifted).length;
  return [
    `${functions.length} functions, ${instructions} instructions`,
    ...(report.ordered ? ['ordered for threads'] : []),
    ...(undecoded.length > 0 ? [`${undecoded.length} places not decoded`] : []),
    ...(kinds > 0 ? [`${kinds} ${kinds === 1 ? 'kind' : 'kinds'} of operations not known`] : []),
  ].join(', ');
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `\n${title}\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

export function reportText(report: Report): string {
  const places = report.undecoded.map(({ address, bytes }) => `${address}  ${bytes}`);
  return [
    `${summary(report)}\n`,
    section(
      'functions, and how they were found',
      report.functions.map(({ address, name, found }) => `${address}  ${found.padEnd(8)} ${name}`.trimEnd()),
    ),
    section('not decoded: the program ends when it gets there', places),
    section(
      'operations not known: the program ends when it gets to one',
      Object.entries(report.unlifted).map(([name, count]) => `${name}  ${count} times`),
    ),
    section(
      'indirect jumps without a table',
      report.indirectJumps.map((jump) => `${jump.address}  in ${jump.function}`),
    ),
    section(
      `never reached: ${report.neverReachedBytes} bytes`,
      report.neverReached.map(([begin, end]) => `${begin} to ${end}`),
    ),
  ].join('');
}
