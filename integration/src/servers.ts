// SPDX-License-Identifier: GPL-3.0-or-later
// Redis, nginx and memcached from their Debian source packages, by their own build systems: which switches, and why
// (docs/servers.md has the reasons for readers who build them by hand).
import { downloadSource } from '@h-containers/debian-packages';
import { buildOrdinary, buildProgram, type Program, type Recipe, type Runtime, sourceTree } from './build.ts';

export interface Server {
  name: string;
  recipe(): Promise<Recipe>;
}

/** One build step in a subfolder. */
function inFolder(folder: string, words: string[]): string[] {
  return ['env', '-C', folder, ...words];
}

/**
 * Debian's patches give configure.ac and Makefile.am later dates than what autotools made of them, which is up to date
 * all the same.
 */
const withoutAutotools = ['AUTOMAKE=:', 'ACLOCAL=:', 'AUTOCONF=:', 'AUTOHEADER=:'];

/** Redis's makefile takes everything from variables; `targets` are built one by one in its `src`. */
export const redisMake = (cc: string, ...targets: string[]): string[] => [
  'make',
  `CC=${cc}`,
  // jemalloc asks for huge pages and keeps per-CPU arenas; musl's malloc is part of the program that moves.
  'MALLOC=libc',
  // Debian's patch frees what libc allocated by Redis's own function: the same only where that keeps no length of its own.
  'REDIS_CFLAGS=-DUSE_MALLOC_USABLE_SIZE',
  // Neither library is part of the program; Debian's package links both.
  'BUILD_TLS=no',
  'USE_SYSTEMD=no',
  ...targets,
];

export const servers = {
  redis: {
    name: 'redis',
    recipe: async () =>
      sourceTree(
        'redis',
        await downloadSource('redis'),
        [{ command: (cc) => redisMake(cc, 'redis-server') }],
        'src/redis-server',
      ),
  },
  nginx: {
    name: 'nginx',
    recipe: async () =>
      sourceTree(
        'nginx',
        await downloadSource('nginx'),
        [
          {
            command: (cc) => [
              './configure',
              `--with-cc=${cc}`,
              // musl's CMSG_NXTHDR compares a size_t with a long, and nginx compiles with -Werror.
              '--with-cc-opt=-Wno-sign-compare',
              // They need PCRE and zlib, which would have to be built with the same compiler first.
              '--without-http_rewrite_module',
              '--without-http_gzip_module',
            ],
          },
          { command: () => ['make'] },
        ],
        'objs/nginx',
      ),
  },
  memcached: {
    name: 'memcached',
    recipe: async () => {
      const libevent = await downloadSource('libevent');
      const folder = 'libevent';
      return sourceTree(
        'memcached',
        await downloadSource('memcached'),
        [
          { command: () => ['cp', '-a', libevent, folder] },
          {
            command: (cc) =>
              inFolder(folder, [
                './configure',
                `CC=${cc}`,
                // libtool reads symbols out of objects, which are bitcode.
                'NM=llvm-nm-19',
                '--disable-shared',
                '--disable-openssl',
                '--disable-samples',
                '--disable-libevent-regress',
              ]),
          },
          // One by one: libevent's makefile does not say that the library needs the header.
          ...['include/event2/event-config.h', 'libevent.la'].map((target) => ({
            command: () => inFolder(folder, ['make', ...withoutAutotools, target]),
          })),
          {
            command: (cc) => [
              './configure',
              `CC=${cc}`,
              // Where libevent's own build leaves its headers and library.
              'CPPFLAGS=-Ilibevent/include',
              'LDFLAGS=-Llibevent/.libs',
            ],
          },
          { command: () => ['make', ...withoutAutotools, 'memcached'] },
        ],
        'memcached',
      );
    },
  },
} satisfies Record<string, Server>;

export type ServerName = keyof typeof servers;

export async function buildServer(name: ServerName, runtime: Runtime = 'normal'): Promise<Program> {
  return buildProgram(await servers[name].recipe(), runtime);
}

/** The ordinary executable of this machine, by clang. */
export async function buildReference(name: ServerName): Promise<string> {
  return buildOrdinary(await servers[name].recipe());
}
