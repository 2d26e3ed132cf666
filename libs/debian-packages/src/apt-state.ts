// SPDX-License-Identifier: GPL-3.0-or-later
// A private apt state: own lists, own cache, own source entries, for two architectures. The machine's proxies and keys
// still apply (apt.conf.d and trusted.gpg.d are read), and nothing of the machine's is written.
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { withLock } from './lock.ts';
import { privateSources, type SourceFile } from './sources.ts';

export type Architecture = 'amd64' | 'arm64';

const aptFolder = '/etc/apt';

async function machineSources(): Promise<SourceFile[]> {
  const parts = join(aptFolder, 'sources.list.d');
  const names = await readdir(parts).catch(() => []);
  const paths = [join(aptFolder, 'sources.list'), ...names.sort().map((name) => join(parts, name))];
  return Promise.all(
    paths.map(async (name) => ({ name, text: await readFile(name, 'utf8').catch(() => '') })),
  );
}

async function releaseCodename(): Promise<string> {
  const text = await readFile('/etc/os-release', 'utf8');
  const codename = /^VERSION_CODENAME=(.*)$/m.exec(text)?.[1];
  if (codename !== 'bookworm') {
    throw new Error(
      `This is not Debian 12 (/etc/os-release says ${codename ?? 'nothing'}): packages are taken from Debian 12. Use a Debian 12 machine or container.`,
    );
  }
  return codename;
}

export class AptState {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  private get options(): string[] {
    const { folder } = this;
    const settings: Record<string, string> = {
      'Dir::State::Lists': join(folder, 'lists'),
      'Dir::Cache': join(folder, 'cache'),
      'Dir::Cache::pkgcache': 'pkgcache.bin',
      'Dir::Cache::srcpkgcache': 'srcpkgcache.bin',
      'Dir::Etc::sourcelist': '/dev/null',
      'Dir::Etc::sourceparts': join(folder, 'sources'),
      // The _apt user can't write into a folder that belongs to whoever runs this.
      'APT::Sandbox::User': 'root',
      'Acquire::Retries': '3',
      'Acquire::Languages': 'none',
    };
    return [
      ...Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]),
      ...['amd64', 'arm64'].flatMap((arch) => ['-o', `APT::Architectures::=${arch}`]),
    ];
  }

  /** Runs an apt program on this state; the first time the lists are fetched, too. */
  async run(program: 'apt-get' | 'apt-cache', args: string[], cwd: string): Promise<string> {
    await this.ensureLists();
    try {
      return await this.call(program, args, cwd);
    } catch (error) {
      // Lists older than the mirror name files that are gone: fetch the lists anew, once.
      if (program === 'apt-cache' || (await this.listsAreFresh())) throw error;
      await withLock(join(this.folder, 'lock'), () => this.update());
      return await this.call(program, args, cwd);
    }
  }

  private async call(program: string, args: string[], cwd: string): Promise<string> {
    const { stdout } = await execa(program, [...this.options, ...args], {
      cwd,
      env: { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
      stdin: 'ignore',
    });
    return stdout;
  }

  private get stamp(): string {
    return join(this.folder, 'lists-fetched');
  }

  private async listsAreFresh(): Promise<boolean> {
    const { mtimeMs } = await stat(this.stamp);
    return Date.now() - mtimeMs < 3_600_000;
  }

  private async ensureLists(): Promise<void> {
    if (await stat(this.stamp).catch(() => undefined)) return;
    await mkdir(this.folder, { recursive: true });
    await withLock(join(this.folder, 'lock'), async () => {
      if (!(await stat(this.stamp).catch(() => undefined))) await this.update();
    });
  }

  private async update(): Promise<void> {
    const { folder } = this;
    const sources = privateSources(await machineSources(), await releaseCodename());
    if (sources === '') {
      throw new Error(
        'No Debian 12 entry in /etc/apt/sources.list or /etc/apt/sources.list.d: add the one of your mirror (suite bookworm, component main).',
      );
    }
    await rm(join(folder, 'sources'), { recursive: true, force: true });
    for (const name of ['sources', 'lists/partial', 'cache/archives/partial']) {
      await mkdir(join(folder, name), { recursive: true });
    }
    await writeFile(join(folder, 'sources', 'debian.sources'), sources);
    await this.call('apt-get', ['update', '-q'], folder);
    await writeFile(this.stamp, '');
  }
}
