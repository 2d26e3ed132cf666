// SPDX-License-Identifier: GPL-3.0-or-later

/** include/uapi/linux/auxvec.h: what describes the machine, its vDSO, or the stack that stays behind. */
const DROPPED: Record<number, string> = {
  15: 'AT_PLATFORM',
  16: 'AT_HWCAP',
  24: 'AT_BASE_PLATFORM',
  25: 'AT_RANDOM',
  26: 'AT_HWCAP2',
  27: 'AT_RSEQ_FEATURE_SIZE',
  28: 'AT_RSEQ_ALIGN',
  29: 'AT_HWCAP3',
  30: 'AT_HWCAP4',
  31: 'AT_EXECFN',
  32: 'AT_SYSINFO',
  33: 'AT_SYSINFO_EHDR',
  51: 'AT_MINSIGSTKSZ',
};

const AT_NULL = 0n;
const AT_PAGESZ = 6n;

/** Room in CRIU 3.17.1 on aarch64, the smaller one (AT_VECTOR_SIZE). Ordinary vectors need 30. */
const MAX_WORDS = 40;

/** The saved auxiliary vector without what only fits the machine it came from. */
export function convertAuxv(words: readonly bigint[]): bigint[] {
  const kept: bigint[] = [];
  for (const [type, value] of entries(words))
    if (DROPPED[Number(type)] === undefined && kept.length < MAX_WORDS - 2) kept.push(type, value);
  return [...kept, AT_NULL, 0n];
}

/** Page size of the kernel the process was dumped on, when the vector tells. */
export function pageSizeOf(words: readonly bigint[]): bigint | undefined {
  for (const [type, value] of entries(words)) if (type === AT_PAGESZ) return value;
  return undefined;
}

function* entries(words: readonly bigint[]): Generator<[type: bigint, value: bigint]> {
  for (let i = 0; i + 1 < words.length; i += 2) {
    const type = words[i] ?? AT_NULL;
    if (type === AT_NULL) return;
    yield [type, words[i + 1] ?? 0n];
  }
}
