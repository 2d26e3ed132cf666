// SPDX-License-Identifier: GPL-3.0-or-later
import { type ArgsDef, defineCommand, type ParsedArgs, runCommand } from 'citty';
import { COMMON_ARGS, type CommonArgs, checkArgs } from './args.ts';
import { Cleanup } from './cleanup.ts';
import { EXIT, errorCode, HcError, systemError, usageError } from './errors.ts';
import { type HelpText, renderHelp } from './help.ts';
import { hostIsa, type Isa } from './isa.ts';
import { type HcRecord, makeRecord } from './record.ts';
import { type Fields, Reporter } from './reporter.ts';
import { Timers } from './timers.ts';

/** Version of all tools: they are released together. A test compares it to the repository's package.json. */
export const VERSION = '0.1.0';

export interface ToolContext<T extends ArgsDef> {
  args: ParsedArgs<T & CommonArgs>;
  report: Reporter;
  timers: Timers;
  cleanup: Cleanup;
  /** Aborted on SIGINT, SIGTERM, SIGHUP and when the reader of stdout goes away. */
  signal: AbortSignal;
  /** hc/<tool>.json with the times measured so far. */
  record(fields?: Fields, isa?: Isa): HcRecord;
}

export interface ToolDefinition<T extends ArgsDef> extends Omit<HelpText, 'args'> {
  args: T;
  /** The last operand may be given many times; all of them are in args._ */
  anyOperands?: boolean;
  run(context: ToolContext<T>): Promise<void> | void;
}

export interface Tool {
  name: string;
  help(): string;
  /** Runs with argv (default: the process's own) and ends the process. */
  main(argv?: readonly string[]): Promise<never>;
}

const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

export function defineTool<const T extends ArgsDef>(definition: ToolDefinition<T>): Tool {
  const args = { ...definition.args, ...COMMON_ARGS };
  const help = () => renderHelp({ ...definition, args });
  return {
    name: definition.name,
    help,
    async main(argv = process.argv.slice(2)) {
      const given = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
      if (given.includes('--help') || given.includes('-h')) return printAndExit(help());
      if (given.includes('--version')) return printAndExit(`${definition.name} ${VERSION}\n`);
      return runAndExit(definition, args, [...argv]);
    },
  };
}

function printAndExit(text: string): Promise<never> {
  return new Promise(() => {
    process.stdout.on('error', () => process.exit(EXIT.failed));
    process.stdout.write(text, () => process.exit(EXIT.done));
  });
}

async function runAndExit<T extends ArgsDef>(
  definition: ToolDefinition<T>,
  args: T & CommonArgs,
  argv: string[],
): Promise<never> {
  const report = new Reporter({
    tool: definition.name,
    json: argv.includes('--json'),
    quiet: argv.includes('--quiet'),
  });
  const timers = new Timers();
  const cleanup = new Cleanup();
  const interrupted = interruption();
  // Losing the terminal must not stop the clean-up.
  process.stderr.on('error', () => {});

  const command = defineCommand<T & CommonArgs>({
    meta: { name: definition.name, version: VERSION, description: definition.summary },
    args,
    run: ({ args: parsed }) =>
      definition.run({
        args: parsed,
        report,
        timers,
        cleanup,
        signal: interrupted.signal,
        record: (fields = {}, isa = hostIsa()) =>
          makeRecord({ tool: definition.name, version: VERSION, isa, timers, fields }),
      }),
  });

  let exitCode: number = EXIT.done;
  try {
    checkArgs(argv, args, definition.anyOperands);
    const done = runCommand(command, { rawArgs: argv });
    // An interrupted run is left behind; what it does from then on must not surface as an unhandled rejection.
    done.catch(() => {});
    await Promise.race([done.then(() => drained(process.stdout)), interrupted.promise]);
  } catch (error) {
    exitCode = explain(error, report);
  }
  for (const error of await cleanup.run()) explain(error, report);
  process.exit(exitCode);
}

/** Writes to a pipe are asynchronous: what Node still holds would be lost with the process. */
function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.writableLength === 0) resolve();
    else stream.write('', () => resolve());
  });
}

/** Rejects once the tool is told to stop. A second signal ends it on the spot. */
function interruption(): { promise: Promise<never>; signal: AbortSignal } {
  const controller = new AbortController();
  const promise = new Promise<never>((_resolve, reject) => {
    const stop = (error: HcError) => {
      controller.abort(error);
      reject(error);
    };
    for (const [name, number] of Object.entries(SIGNALS)) {
      process.on(name, () => {
        if (controller.signal.aborted) process.exit(128 + number);
        stop(new HcError(`interrupted by ${name}`, { exitCode: 128 + number }));
      });
    }
    process.stdout.on('error', (error) => stop(systemError(error, 'standard output')));
  });
  promise.catch(() => {});
  return { promise, signal: controller.signal };
}

function explain(thrown: unknown, report: Reporter): number {
  const error = asHcError(thrown);
  report.error(error.message, {
    exitCode: error.exitCode,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  });
  // The stack of a foreign error is of use to developers only.
  if (process.env.HC_DEBUG && thrown instanceof Error) process.stderr.write(`${thrown.stack}\n`);
  return error.exitCode;
}

function asHcError(thrown: unknown): HcError {
  if (thrown instanceof HcError) return thrown;
  // citty's own complaints: a missing operand, a value outside an enum.
  if (thrown instanceof Error && thrown.name === 'CLIError') return usageError(stripColour(thrown.message));
  if (errorCode(thrown) === 'EPIPE') return systemError(thrown, 'standard output');
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new HcError(message, { cause: thrown });
}

function stripColour(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for
  return text.replace(/\u001b\[\d+m/g, '');
}
