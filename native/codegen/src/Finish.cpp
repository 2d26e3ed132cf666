// SPDX-License-Identifier: GPL-3.0-or-later
// hc-codegen finish: checks that both executables agree, sorts their call-site tables, makes them equally long.
#include "Commands.h"
#include "hc/abi.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Object/ELF.h"
#include "llvm/Support/FileOutputBuffer.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include <set>

using namespace llvm;
using namespace llvm::object;

namespace hc {
namespace {

using Elf = ELFFile<ELF64LE>;
using Header = ELF64LE::Phdr;

bool fail(const Twine &what) {
  errs() << "hc-codegen finish: " << what << "\n";
  return false;
}

struct Executable {
  std::string path;
  Isa isa;
  std::string bytes;
  std::vector<Header> segments;
  std::map<std::string, std::pair<uint64_t, uint64_t>> sections; // name -> file offset, size
  std::map<std::string, std::set<uint64_t>> data;               // object symbols in sections that both ISAs share
  std::map<std::string, uint64_t> fixed;                        // functions with one address
  std::vector<hc_site> sites;
};

bool read(Executable &executable) {
  auto buffer = MemoryBuffer::getFile(executable.path);
  if (!buffer) return fail(executable.path + ": " + buffer.getError().message());
  executable.bytes = (*buffer)->getBuffer().str();
  auto problem = [&](Error error) { return fail(executable.path + ": " + toString(std::move(error))); };
  auto elf = Elf::create(executable.bytes);
  if (!elf) return problem(elf.takeError());
  auto segments = elf->program_headers();
  if (!segments) return problem(segments.takeError());
  executable.segments.assign(segments->begin(), segments->end());
  auto sections = elf->sections();
  if (!sections) return problem(sections.takeError());
  std::vector<std::string> names;
  for (const auto &section : *sections) {
    auto name = elf->getSectionName(section);
    if (!name) return problem(name.takeError());
    names.push_back(name->str());
    executable.sections[name->str()] = {section.sh_offset, section.sh_size};
  }
  for (const auto &section : *sections) {
    if (section.sh_type != ELF::SHT_SYMTAB) continue;
    auto symbols = elf->symbols(&section);
    auto strings = elf->getStringTableForSymtab(section);
    if (!symbols || !strings) return fail(executable.path + ": broken symbol table");
    for (const auto &symbol : *symbols) {
      auto name = symbol.getName(*strings);
      if (!name || symbol.st_shndx >= names.size() || name->empty()) continue;
      StringRef in = names[symbol.st_shndx];
      if (symbol.getType() == ELF::STT_OBJECT && in != ".hc.private" && in != ".text")
        executable.data[name->str()].insert(symbol.st_value);
      if (symbol.getType() == ELF::STT_FUNC && name->starts_with("hc_")) executable.fixed[name->str()] = symbol.st_value;
    }
  }
  auto private_ = executable.sections.find(".hc.private");
  if (private_ == executable.sections.end()) return fail(executable.path + ": no section .hc.private; link it with the script of `plan`");
  return true;
}

// The table lies at the start of .hc.private and ends with the symbol's section; its length is found from the symbols.
bool sortSites(Executable &executable) {
  auto elf = Elf::create(executable.bytes);
  uint64_t start = 0, end = 0, base = 0;
  auto sections = cantFail(elf->sections());
  for (const auto &section : sections) {
    if (cantFail(elf->getSectionName(section)) == ".hc.private") base = section.sh_addr - section.sh_offset;
    if (section.sh_type != ELF::SHT_SYMTAB) continue;
    auto strings = cantFail(elf->getStringTableForSymtab(section));
    for (const auto &symbol : cantFail(elf->symbols(&section))) {
      StringRef name = cantFail(symbol.getName(strings));
      if (name == "__hc_sites_start") start = symbol.st_value;
      if (name == "__hc_sites_end") end = symbol.st_value;
    }
  }
  if (!start || end <= start || (end - start) % sizeof(hc_site) || end - base > executable.bytes.size())
    return fail(executable.path + ": no call-site table");
  auto *table = reinterpret_cast<hc_site *>(executable.bytes.data() + (start - base));
  size_t count = (end - start) / sizeof(hc_site);
  std::sort(table, table + count, [](const hc_site &a, const hc_site &b) { return a.address < b.address; });
  executable.sites.assign(table, table + count);
  for (size_t i = 1; i < count; ++i)
    if (table[i].address == table[i - 1].address)
      return fail(executable.path + ": two call sites return to 0x" + utohexstr(table[i].address));
  return true;
}

bool compare(const Executable &a, const Executable &b) {
  bool good = true;
  auto differ = [&](const Twine &what) { good = fail(what + " differs between " + a.path + " and " + b.path); };
  if (a.segments.size() != b.segments.size()) differ("the number of segments");
  else
    for (size_t i = 0; i < a.segments.size(); ++i) {
      const Header &x = a.segments[i], &y = b.segments[i];
      if (x.p_type != y.p_type || x.p_vaddr != y.p_vaddr || x.p_memsz != y.p_memsz || x.p_filesz != y.p_filesz ||
          x.p_offset != y.p_offset || x.p_flags != y.p_flags)
        differ("segment " + Twine(i));
    }
  // What the program can see of its data, initial values included, is the same.
  for (auto &[name, place] : a.sections) {
    if (name == ".text" || name == ".hc.private" || name == ".hc.bss" || !(StringRef(name).starts_with(".hc.") || name == ".note.gnu.build-id"))
      continue;
    auto other = b.sections.find(name);
    if (other == b.sections.end() || place.second != other->second.second ||
        StringRef(a.bytes).substr(place.first, place.second) != StringRef(b.bytes).substr(other->second.first, place.second))
      differ("section " + name);
  }
  for (auto &[name, addresses] : a.data)
    if (auto other = b.data.find(name); other == b.data.end() || other->second != addresses) differ("the address of '" + name + "'");
  for (auto &[name, address] : a.fixed)
    if (auto other = b.fixed.find(name); other != b.fixed.end() && other->second != address) differ("the address of function '" + name + "'");
  std::set<uint32_t> idsA, idsB;
  for (const hc_site &site : a.sites) idsA.insert(site.id);
  for (const hc_site &site : b.sites) idsB.insert(site.id);
  if (idsA != idsB) differ("the set of call sites (" + Twine(idsA.size()) + " and " + Twine(idsB.size()) + ")");
  return good;
}

bool write(const std::string &path, StringRef bytes) {
  std::error_code failure;
  raw_fd_ostream out(path, failure, sys::fs::CD_OpenExisting, sys::fs::FA_Write, sys::fs::OF_None);
  if (failure) return fail(path + ": " + failure.message());
  out << bytes;
  out.close();
  if (!out.has_error()) return true;
  out.clear_error();
  return fail(path + ": can't write");
}

bool writeSites(const std::string &path, const std::map<Isa, std::vector<hc_site>> &sites) {
  std::error_code failure;
  raw_fd_ostream out(path, failure, sys::fs::OF_None);
  if (failure) return fail(path + ": " + failure.message());
  auto list = [&](Isa isa) {
    auto found = sites.find(isa);
    return found == sites.end() ? std::vector<hc_site>() : found->second;
  };
  auto x86 = list(Isa::X86_64), arm = list(Isa::AArch64);
  hc_sites_header header{HC_SITES_MAGIC, uint32_t(x86.size()), uint32_t(arm.size())};
  out.write(reinterpret_cast<const char *>(&header), sizeof header);
  for (auto *part : {&x86, &arm}) out.write(reinterpret_cast<const char *>(part->data()), part->size() * sizeof(hc_site));
  return true;
}

} // namespace

int finish(const std::map<Isa, std::string> &paths, const std::string &sitesPath) {
  std::vector<Executable> executables;
  size_t longest = 0;
  for (auto &[isa, path] : paths) {
    Executable executable;
    executable.path = path;
    executable.isa = isa;
    if (!read(executable) || !sortSites(executable)) return 1;
    longest = std::max(longest, executable.bytes.size());
    executables.push_back(std::move(executable));
  }
  if (executables.empty()) {
    fail("name the executables with --x86-64 or --aarch64");
    return 2;
  }
  if (executables.size() == 2 && !compare(executables[0], executables[1])) return 1;
  std::map<Isa, std::vector<hc_site>> sites;
  for (Executable &executable : executables) {
    executable.bytes.resize(longest, 0); // symbol tables differ in size; the file size is part of what CRIU compares
    if (!write(executable.path, executable.bytes)) return 1;
    sites[executable.isa] = std::move(executable.sites);
  }
  return sitesPath.empty() || writeSites(sitesPath, sites) ? 0 : 1;
}

} // namespace hc
