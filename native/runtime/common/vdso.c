/* SPDX-License-Identifier: 0BSD
 *
 * Functions of the vDSO, a small ELF shared object that the kernel maps (vDSO(7)). After a move it is another one: of
 * another kernel, maybe of the other ISA, and at another address.
 */
#include "runtime.h"

struct tables {
	uint64_t bias;
	const char *names;
	const struct hc_elf_symbol *symbols;
	const uint32_t *hash, *gnu_hash;
};

NATIVE static int equal(const char *a, const char *b)
{
	while (*a && *a == *b) a++, b++;
	return *a == *b;
}

NATIVE static struct tables read_tables(uint64_t header)
{
	struct tables tables = {0};
	const struct hc_elf_header *elf = (void *)header;
	const struct hc_elf_dynamic *dynamic = 0;
	int loads = 0;
	for (int i = 0; i < elf->phnum; i++) {
		const struct hc_elf_segment *s = (void *)(header + elf->phoff + (uint64_t)i * elf->phentsize);
		if (s->type == PT_LOAD && !loads++) tables.bias = header + s->offset - s->vaddr;
		if (s->type == PT_DYNAMIC) dynamic = (void *)(header + s->offset);
	}
	if (!loads || !dynamic) return tables;
	for (; dynamic->tag != DT_NULL; dynamic++) {
		uint64_t address = tables.bias + dynamic->value;
		if (dynamic->tag == DT_STRTAB) tables.names = (char *)address;
		if (dynamic->tag == DT_SYMTAB) tables.symbols = (void *)address;
		if (dynamic->tag == DT_HASH) tables.hash = (void *)address;
		if (dynamic->tag == DT_GNU_HASH) tables.gnu_hash = (void *)address;
	}
	return tables;
}

/* Neither hash table says it outright when only DT_GNU_HASH is there: the last chain's end. */
NATIVE static uint32_t symbol_count(const struct tables *tables)
{
	if (tables->hash) return tables->hash[1];
	if (!tables->gnu_hash) return 0;
	uint32_t buckets = tables->gnu_hash[0], first = tables->gnu_hash[1], bloom = tables->gnu_hash[2];
	const uint32_t *bucket = tables->gnu_hash + 4 + 2 * bloom, *chain = bucket + buckets;
	uint32_t last = 0;
	for (uint32_t i = 0; i < buckets; i++)
		if (bucket[i] > last) last = bucket[i];
	if (last < first) return 0;
	while (!(chain[last - first] & 1)) last++;
	return last + 1;
}

/* Its address, or 0. */
NATIVE uint64_t hc_vdso_symbol(uint64_t header, const char *name)
{
	if (!header) return 0;
	struct tables tables = read_tables(header);
	if (!tables.names || !tables.symbols) return 0;
	uint32_t count = symbol_count(&tables);
	for (uint32_t i = 0; i < count; i++) {
		const struct hc_elf_symbol *symbol = &tables.symbols[i];
		if (symbol->section && equal(tables.names + symbol->name, name)) return tables.bias + symbol->value;
	}
	return 0;
}
