// SPDX-License-Identifier: GPL-3.0-or-later
import { llvm } from '@h-containers/native-toolchain';
import { execa } from 'execa';

/** SHF_EXECINSTR of the ELF specification, as readelf shows it. */
const executable =
  /^ *\[ *\d+\] (?<name>\S+) +\S+ +[0-9a-f]+ +[0-9a-f]+ (?<size>[0-9a-f]+) +[0-9a-f]+ +[A-Z]*X/;

/** Bytes of machine code in an executable. */
export async function textBytes(path: string): Promise<number> {
  const { stdout } = await execa(llvm.readelf, ['--wide', '--sections', path]);
  const sizes = stdout.split('\n').map((line) => executable.exec(line)?.groups?.size ?? '0');
  return sizes.reduce((sum, size) => sum + Number.parseInt(size, 16), 0);
}
