// SPDX-License-Identifier: GPL-3.0-or-later
// Derives source entries for a private apt state from the machine's own: same mirrors and keys, but with source
// packages, and without a limit to the machine's architecture. Both formats of sources.list(5) are read; deb822 is written.

export interface SourceFile {
  name: string;
  text: string;
}

interface Entry {
  uris: string[];
  suites: string[];
  components: string[];
  /** Options kept as they are, by their deb822 names. */
  options: Map<string, string>;
}

/** One-line option names that have another spelling in deb822. The architectures option is dropped on purpose. */
const oneLineOptions: Record<string, string> = { 'signed-by': 'Signed-By', trusted: 'Trusted' };
const keptFields = ['Signed-By', 'Trusted', 'Check-Valid-Until'];

function words(text: string | undefined): string[] {
  return text?.split(/\s+/).filter(Boolean) ?? [];
}

function parseOneLine(text: string): Entry[] {
  const entries: Entry[] = [];
  for (const line of text.split('\n')) {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s*([^#]*)/.exec(line);
    if (!match) continue;
    const options = new Map<string, string>();
    for (const word of words(match[1])) {
      const [key = '', value = ''] = word.split('=');
      const field = oneLineOptions[key.toLowerCase()];
      if (field) options.set(field, value);
    }
    entries.push({
      uris: words(match[2]),
      suites: words(match[3]),
      components: words(match[4]),
      options,
    });
  }
  return entries;
}

/** Splits a deb822 file into stanzas of field -> value; a value keeps its continuation lines (an inline key has them). */
function parseStanzas(text: string): Map<string, string>[] {
  const stanzas: Map<string, string>[] = [];
  for (const block of text.split(/\n\s*\n/)) {
    const fields = new Map<string, string>();
    let last = '';
    for (const line of block.split('\n')) {
      if (line.startsWith('#')) continue;
      const field = /^([A-Za-z-]+):\s*(.*)$/.exec(line);
      if (field) {
        last = (field[1] ?? '').toLowerCase();
        fields.set(last, field[2] ?? '');
      } else if (last && /^\s/.test(line)) {
        fields.set(last, `${fields.get(last)}\n${line}`);
      }
    }
    if (fields.size > 0) stanzas.push(fields);
  }
  return stanzas;
}

function parseDeb822(text: string): Entry[] {
  return parseStanzas(text)
    .filter((stanza) => words(stanza.get('types')).includes('deb') && stanza.get('enabled') !== 'no')
    .map((stanza) => {
      const options = new Map<string, string>();
      for (const field of keptFields) {
        const value = stanza.get(field.toLowerCase());
        if (value !== undefined) options.set(field, value);
      }
      return {
        uris: words(stanza.get('uris')),
        suites: words(stanza.get('suites')),
        components: words(stanza.get('components')),
        options,
      };
    });
}

/**
 * Third-party repositories often carry neither source packages nor a second architecture, and one that fails makes
 * `apt-get update` fail: only suites of the release itself (bookworm, bookworm-updates, ...) with `main` are taken.
 */
function isRelease(entry: Entry, codename: string): boolean {
  return (
    entry.components.includes('main') &&
    entry.suites.every((suite) => suite === codename || suite.startsWith(`${codename}-`))
  );
}

/** The text of one deb822 file for the private state, or '' when the machine has no usable entry. */
export function privateSources(files: SourceFile[], codename: string): string {
  const entries = files.flatMap(({ name, text }) =>
    name.endsWith('.sources') ? parseDeb822(text) : name.endsWith('.list') ? parseOneLine(text) : [],
  );
  return entries
    .filter((entry) => isRelease(entry, codename))
    .map((entry) =>
      [
        'Types: deb deb-src',
        `URIs: ${entry.uris.join(' ')}`,
        `Suites: ${entry.suites.join(' ')}`,
        `Components: ${entry.components.join(' ')}`,
        ...[...entry.options].map(([field, value]) => `${field}: ${value}`),
        '',
      ].join('\n'),
    )
    .join('\n');
}
