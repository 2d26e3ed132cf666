// SPDX-License-Identifier: GPL-3.0-or-later
// What hc-cc does with each option of a C compiler's command line. The first row that matches counts.

export type Action =
  /** Goes to clang when a source is compiled. */
  | 'compile'
  /** Goes to the linker, in its place among objects and libraries. */
  | 'link'
  /** Has no meaning for a portable, static program, and none is lost. */
  | 'ignore'
  /** The same, but the user asked for something he will not get. */
  | 'warn'
  /** Can't be done. */
  | 'refuse';

export interface Row {
  options: RegExp;
  action: Action;
  /** For warn and refuse: why, and the way out. */
  why?: string;
}

/** Options whose value may be the next word of the command line. */
export const optionsWithValue = new Set([
  ...['-o', '-x', '-I', '-D', '-U', '-L', '-l', '-u', '-z', '-e', '-T', '-A', '-F', '-target', '--target'],
  ...['-include', '-imacros', '-isystem', '-iquote', '-idirafter', '-iprefix', '-iwithprefix', '-isysroot'],
  ...['-MF', '-MT', '-MQ', '-MJ', '-Xclang', '-Xlinker', '-Xpreprocessor', '-Xassembler', '-aux-info'],
  ...['-include-pch', '-iwithprefixbefore', '--param', '--sysroot', '-arch', '-G', '-mllvm', '-B'],
]);

const oneIsa = 'code is generated for x86-64 and aarch64 from one source, for the baseline of each';
const notStatic = 'programs are linked statically at fixed addresses';

/** Driver options that are not about modes, inputs and outputs (command-line.ts knows those). */
export const driverOptions: readonly Row[] = [
  { options: /^-(m64|mlong-double-128|mno-red-zone|mlittle-endian|mabi=lp64)$/, action: 'ignore' },
  { options: /^-(m32|mx32|m16)$/, action: 'refuse', why: 'programs are 64-bit; leave the option out' },
  { options: /^-(target|-target=|-target$|arch$)/, action: 'refuse', why: `${oneIsa}; leave the option out` },
  {
    options: /^-mlong-double-/,
    action: 'warn',
    why: 'long double has 128 bits (IEEE binary128) on both ISAs',
  },
  { options: /^-mllvm$/, action: 'ignore' },
  { options: /^-m/, action: 'warn', why: oneIsa },
  {
    options: /^-(shared|static-pie|-shared)$/,
    action: 'refuse',
    why: `${notStatic}; build a .a library instead`,
  },
  {
    options: /^-(nostdlib|nodefaultlibs|nostartfiles|nolibc)$/,
    action: 'refuse',
    why: 'a program that moves needs the runtime; leave the option out',
  },
  {
    options: /^-fsanitize=/,
    action: 'refuse',
    why: 'sanitizers keep state of their own that does not move; leave the option out',
  },
  {
    options: /^(-pg$|--coverage$|-fprofile-|-ftest-coverage$|-fcoverage-)/,
    action: 'warn',
    why: 'there is no profiling runtime',
  },
  // Position independence, debug format, unwinding, stack checks: decided for the whole program (flags.ts).
  { options: /^-(no-)?pie$|^-static$|^-s$|^-rdynamic$|^-pthread$|^-pipe$/, action: 'ignore' },
  {
    options: /^-f(no-)?(pic|PIC|pie|PIE|plt|lto|semantic-interposition|emulated-tls)(=.*)?$/,
    action: 'ignore',
  },
  {
    options: /^-f(no-)?(stack-protector|stack-clash-protection|split-stack|cf-protection|exceptions)/,
    action: 'ignore',
  },
  { options: /^-f(no-)?(asynchronous-unwind-tables|unwind-tables|omit-frame-pointer)$/, action: 'ignore' },
  { options: /^-f(no-)?(fat-lto-objects|use-linker-plugin|whole-program|ffp-contract)/, action: 'ignore' },
  { options: /^-ffp-contract=/, action: 'warn', why: 'only one ISA has fused multiply-add in its baseline' },
  { options: /^-fuse-ld=|^-B|^--sysroot|^-isysroot$|^-static-libgcc$|^-save-temps/, action: 'ignore' },
  { options: /^-g/, action: 'ignore' },
  { options: /^-(L|u$|z$|Wl,|Xlinker$)/, action: 'link' },
  { options: /^-T/, action: 'refuse', why: 'the layout is the same for both ISAs and planned by hc-codegen' },
  { options: /^-e$/, action: 'refuse', why: 'the entry point is the runtime' },
  { options: /^-/, action: 'compile' },
];

/** Options of the linker itself (-Wl, and -Xlinker). */
export const linkerOptions: readonly Row[] = [
  { options: /^(-\(|-\)|--start-group|--end-group|--(no-)?whole-archive)$/, action: 'link' },
  { options: /^(-u|--undefined|--wrap|-y|--trace-symbol|-L|-l|--library|--library-path)/, action: 'link' },
  { options: /^(--allow-multiple-definition|-z ?muldefs)$/, action: 'link' },
  { options: /^--?shared$|^-Bshareable$/, action: 'refuse', why: `${notStatic}; build a .a library instead` },
  {
    options: /^(-T|--script|--defsym|-e( |$)|--entry|-Ttext|-Tdata|-Tbss|--section-start|--image-base)/,
    action: 'refuse',
    why: 'the layout is the same for both ISAs and planned by hc-codegen',
  },
  { options: /^-/, action: 'ignore' },
];

/** Linker options with their value in the next word. */
export const linkerOptionsWithValue = new Set([
  ...[
    '-u',
    '--undefined',
    '--wrap',
    '-y',
    '--trace-symbol',
    '-L',
    '-l',
    '-z',
    '-e',
    '--entry',
    '-T',
    '--script',
  ],
  ...['-rpath', '--rpath', '-rpath-link', '--rpath-link', '-soname', '--soname', '-h', '-Map', '--Map', '-m'],
  ...['--version-script', '--dynamic-list', '-I', '--dynamic-linker', '-dynamic-linker', '--defsym', '-O'],
]);

export function rowFor(table: readonly Row[], option: string): Row {
  return table.find((row) => row.options.test(option)) ?? { options: /^/, action: 'compile' };
}
