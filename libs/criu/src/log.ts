// SPDX-License-Identifier: GPL-3.0-or-later

/** Follow from the real reason and explain nothing. */
const CONSEQUENCES = [
  /Dumping FAILED/,
  /Restoring FAILED/,
  /exited, status=/,
  /killed by signal 9/,
  /Failed to kill/,
  /criu\/cr-restore\.c.*exit_code/,
];
const MOST = 4;

/** The lines of a CRIU log that say what went wrong, the first reason first, without time stamps. */
export function decisiveLines(log: string): string[] {
  const errors = log
    .split('\n')
    .filter((line) => / Error \(/.test(line))
    // "(00.012345)   4242: Error (criu/files-reg.c:2024): File x has bad size 1 (expect 2)"
    .map((line) => line.replace(/^\(\d+\.\d+\)\s*/, '').replace(/Error \((?:criu|compel)[^)]*\):\s*/, ''));
  const reasons = errors.filter((line) => !CONSEQUENCES.some((pattern) => pattern.test(line)));
  return [...new Set(reasons.length > 0 ? reasons : errors)].slice(0, MOST);
}
