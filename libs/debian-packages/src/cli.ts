// SPDX-License-Identifier: GPL-3.0-or-later
import { defineCommand, runMain } from 'citty';
import { downloadBinary, downloadSource } from './index.ts';

const source = defineCommand({
  meta: { name: 'source', description: 'Fetch and unpack a source package; print its folder' },
  args: { name: { type: 'positional', required: true, description: 'source package' } },
  async run({ args }) {
    console.log(await downloadSource(args.name));
  },
});

const binary = defineCommand({
  meta: { name: 'binary', description: 'Fetch a binary package; print the path of its .deb' },
  args: {
    name: { type: 'positional', required: true, description: 'binary package' },
    arch: { type: 'enum', options: ['amd64', 'arm64'], default: 'amd64', description: 'architecture' },
  },
  async run({ args }) {
    console.log(await downloadBinary(args.name, args.arch === 'arm64' ? 'arm64' : 'amd64'));
  },
});

await runMain(
  defineCommand({
    meta: {
      name: 'debian-packages',
      description: "Debian packages in the project's cache, from a private apt state",
    },
    subCommands: { source, binary },
  }),
);
