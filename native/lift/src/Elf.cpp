// SPDX-License-Identifier: GPL-3.0-or-later
#include "Elf.h"
#include "Relocations.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/DebugInfo/DWARF/DWARFDataExtractor.h"
#include "llvm/DebugInfo/DWARF/DWARFDebugFrame.h"
#include "llvm/Object/ELF.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "hc/abi.h"
#include <algorithm>

using namespace llvm;
using namespace llvm::object;

namespace hc {

bool Executable::isCode(uint64_t address) const {
  return llvm::any_of(code, [&](const Range &range) { return range.contains(address); });
}

const uint8_t *Executable::at(uint64_t address, uint64_t size) const {
  for (const Segment &segment : segments)
    if (segment.inFile().contains(address) && segment.inFile().end - address >= size)
      return segment.bytes.data() + (address - segment.address);
  return nullptr;
}

uint64_t Executable::word(uint64_t address) const {
  auto known = relocated.find(address);
  return known == relocated.end() ? support::endian::read64le(at(address, 8)) : known->second;
}

namespace {

using Elf = ELFFile<ELF64LE>;
using Header = ELF64LE::Phdr;
using SectionHeader = ELF64LE::Shdr;

constexpr uint64_t PageSize = 4096;
// More is no program: it keeps a forged header from filling the memory.
constexpr uint64_t LargestSegment = 1ull << 30;
// Where position-independent executables are put: where others are linked.
constexpr uint64_t Base = 0x400000;

class Reader {
public:
  Reader(StringRef bytes, std::string &problem) : bytes(bytes), problem(problem) {}

  std::optional<Executable> read() {
    if (!bytes.starts_with("\x7f" "ELF")) return fail("not an ELF executable");
    if (bytes.size() < sizeof(ELF64LE::Ehdr)) return fail("the file ends within its ELF header; copy it again");
    if (bytes[ELF::EI_CLASS] != ELF::ELFCLASS64 || bytes[ELF::EI_DATA] != ELF::ELFDATA2LSB)
      return fail("only 64-bit little-endian executables can be lifted");
    auto opened = Elf::create(bytes);
    if (!opened) return fail(toString(opened.takeError()));
    const Elf &elf = *opened;
    if (!readHeader(elf.getHeader()) || !readSegments(elf)) return std::nullopt;
    readSections(elf);
    if (result.code.empty())
      for (const Segment &segment : result.segments)
        if (segment.executable) result.code.push_back(segment.inFile());
    if (!result.isCode(result.entry)) return fail("the entry point 0x" + utohexstr(result.entry, true) + " is no code of the file");
    return std::move(result);
  }

private:
  std::nullopt_t fail(const Twine &what) {
    problem = what.str();
    return std::nullopt;
  }
  bool no(const Twine &what) {
    problem = what.str();
    return false;
  }

  bool readHeader(const ELF64LE::Ehdr &header) {
    if (header.e_machine != ELF::EM_X86_64 && header.e_machine != ELF::EM_AARCH64)
      return no("ELF machine " + Twine(header.e_machine) + " can't be lifted, only x86-64 and aarch64");
    result.guest = header.e_machine == ELF::EM_AARCH64 ? Guest::AArch64 : Guest::X86_64;
    if (header.e_type == ELF::ET_REL) return no("this is an object file; link it first");
    if (header.e_type == ELF::ET_DYN) base = Base;
    else if (header.e_type != ELF::ET_EXEC) return no("ELF type " + Twine(header.e_type) + " is no executable");
    result.entry = base + header.e_entry;
    return true;
  }

  bool readSegments(const Elf &elf) {
    auto headers = elf.program_headers();
    if (!headers) return no(toString(headers.takeError()));
    const uint64_t table = elf.getHeader().e_phoff;
    result.headerCount = headers->size();
    for (const Header &header : *headers) {
      if (header.p_type == ELF::PT_INTERP)
        return no("dynamically linked executables can't be lifted yet; link with -static or -static-pie");
      if (header.p_type == ELF::PT_DYNAMIC) dynamic = {base + header.p_vaddr, base + header.p_vaddr + header.p_filesz};
      if (header.p_type != ELF::PT_LOAD || !header.p_memsz) continue;
      if (!readSegment(header)) return false;
      if (table >= header.p_offset && table < header.p_offset + header.p_filesz)
        result.headers = base + header.p_vaddr + (table - header.p_offset);
    }
    if (result.segments.empty()) return no("the file has no segment to load");
    llvm::sort(result.segments, [](const Segment &a, const Segment &b) { return a.address < b.address; });
    for (size_t i = 1; i < result.segments.size(); ++i) {
      const Segment &below = result.segments[i - 1];
      if (alignTo(below.address + below.memorySize, PageSize) > alignDown(result.segments[i].address, PageSize))
        return no("two segments share a page at 0x" + utohexstr(result.segments[i].address, true) +
                  "; link with -z max-page-size=4096 -z separate-code");
    }
    if (base && !readRelocations(result, dynamic, base))
      return no("this is a library, which can't be lifted yet; lift the program that uses it, linked with -static or -static-pie");
    return true;
  }

  bool readSegment(const Header &header) {
    const uint64_t address = base + header.p_vaddr, size = header.p_memsz;
    std::string name = "the segment at 0x" + utohexstr(address, true);
    if (header.p_filesz > size || header.p_offset > bytes.size() || bytes.size() - header.p_offset < header.p_filesz)
      return no(name + " is longer than the file; copy it again");
    if (size > LargestSegment || address + size < address) return no(name + " is too large (" + Twine(size) + " bytes)");
    if (address + size > HC_BRK_ARENA) return no(name + " lies above 32 GiB; link at a lower address");
    if (address < HC_CONTROL_ADDRESS + PageSize)
      return no(name + " lies where the runtime's control block is (below 0x" + utohexstr(HC_CONTROL_ADDRESS + PageSize, true) +
                "); link with -Wl,--image-base=0x400000");
    if ((header.p_flags & ELF::PF_X) && (header.p_flags & ELF::PF_W))
      return no(name + " is both writable and executable: self-modifying code can't be lifted");
    Segment segment;
    segment.address = address;
    segment.memorySize = size;
    segment.executable = header.p_flags & ELF::PF_X;
    segment.writable = header.p_flags & ELF::PF_W;
    StringRef contents = bytes.substr(header.p_offset, header.p_filesz);
    segment.bytes.assign(contents.begin(), contents.end());
    segment.bytes.resize(segment.bytes.size() + Slack);
    result.segments.push_back(std::move(segment));
    return true;
  }

  // Section headers may be missing or damaged: what they tell is welcome, but not needed.
  void readSections(const Elf &elf) {
    auto sections = elf.sections();
    if (!sections) return consumeError(sections.takeError());
    for (const SectionHeader &section : *sections) {
      bool executable = section.sh_flags & ELF::SHF_EXECINSTR;
      if (executable && section.sh_type == ELF::SHT_PROGBITS && inExecutableSegment(section))
        result.code.push_back({base + section.sh_addr, base + section.sh_addr + section.sh_size});
    }
    for (const SectionHeader &section : *sections) {
      if (section.sh_type == ELF::SHT_SYMTAB) readSymbols(elf, section);
      auto name = elf.getSectionName(section);
      if (!name) consumeError(name.takeError());
      else if (*name == ".eh_frame") readFrames(elf, section);
    }
  }

  bool inExecutableSegment(const SectionHeader &section) const {
    return llvm::any_of(result.segments, [&](const Segment &segment) {
      const uint64_t begin = base + section.sh_addr;
      return segment.executable && segment.inFile().contains(begin) && section.sh_size &&
             section.sh_size <= segment.inFile().end - begin;
    });
  }

  void readSymbols(const Elf &elf, const SectionHeader &section) {
    auto symbols = elf.symbols(&section);
    auto strings = elf.getStringTableForSymtab(section);
    if (!symbols || !strings) {
      if (!symbols) consumeError(symbols.takeError());
      if (!strings) consumeError(strings.takeError());
      return;
    }
    for (const auto &symbol : *symbols) {
      bool function = symbol.getType() == ELF::STT_FUNC || symbol.getType() == ELF::STT_GNU_IFUNC;
      // Assembly often leaves out the type; what is global there is meant to be called.
      bool label = symbol.getType() == ELF::STT_NOTYPE && symbol.getBinding() != ELF::STB_LOCAL;
      if ((!function && !label) || symbol.st_shndx == ELF::SHN_UNDEF || symbol.st_shndx >= ELF::SHN_LORESERVE) continue;
      const uint64_t address = base + symbol.st_value;
      if (!result.isCode(address)) continue;
      auto name = symbol.getName(*strings);
      if (!name) {
        consumeError(name.takeError());
        continue;
      }
      FunctionSymbol &known = result.symbols[address];
      if (known.name.empty() || symbol.st_size > known.size) known = {symbol.st_size, name->str()};
    }
  }

  void readFrames(const Elf &elf, const SectionHeader &section) {
    auto contents = elf.getSectionContents(section);
    if (!contents) return consumeError(contents.takeError());
    const Triple::ArchType isa = result.guest == Guest::AArch64 ? Triple::aarch64 : Triple::x86_64;
    DWARFDebugFrame frames(isa, /*IsEH=*/true, base + section.sh_addr);
    if (Error error = frames.parse(DWARFDataExtractor(*contents, /*IsLittleEndian=*/true, 8))) consumeError(std::move(error));
    for (const dwarf::FrameEntry &entry : frames) {
      auto *description = dyn_cast<dwarf::FDE>(&entry);
      if (!description) continue;
      uint64_t begin = description->getInitialLocation(), size = description->getAddressRange();
      if (!size || size > LargestSegment || !result.isCode(begin)) continue;
      result.frames.push_back({{begin, begin + size}, description->getLSDAAddress().value_or(0)});
    }
  }

  StringRef bytes;
  std::string &problem;
  uint64_t base = 0; // added to all addresses in the file
  Range dynamic;
  Executable result;
};

} // namespace

std::optional<Executable> readExecutable(const std::string &path, std::string &problem) {
  auto buffer = MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer) {
    problem = buffer.getError().message();
    return std::nullopt;
  }
  return Reader((*buffer)->getBuffer(), problem).read();
}

// "Exception Header Encoding" of the LSB and the call-site table of the Itanium C++ ABI.
std::vector<uint64_t> landingPads(const Executable &executable, const Frame &frame) {
  std::vector<uint64_t> pads;
  const uint64_t address = frame.exceptions;
  const uint8_t *bytes = executable.at(address);
  if (!address || !bytes) return pads;
  uint64_t size = 0;
  for (const Segment &segment : executable.segments)
    if (segment.inFile().contains(address)) size = segment.inFile().end - address;
  DataExtractor data(ArrayRef<uint8_t>(bytes, size), /*IsLittleEndian=*/true, 8);
  DataExtractor::Cursor cursor(0);
  auto encoded = [&](uint8_t encoding) -> uint64_t {
    switch (encoding & 15) {
    case dwarf::DW_EH_PE_uleb128: return data.getULEB128(cursor);
    case dwarf::DW_EH_PE_udata2: return data.getU16(cursor);
    case dwarf::DW_EH_PE_udata4: return data.getU32(cursor);
    case dwarf::DW_EH_PE_sdata4: return int64_t(int32_t(data.getU32(cursor)));
    default: return data.getU64(cursor);
    }
  };
  uint64_t base = frame.code.begin;
  if (uint8_t encoding = data.getU8(cursor); encoding != dwarf::DW_EH_PE_omit) {
    uint64_t at = address + cursor.tell();
    base = encoded(encoding) + ((encoding & 0x70) == dwarf::DW_EH_PE_pcrel ? at : 0);
  }
  if (data.getU8(cursor) != dwarf::DW_EH_PE_omit) (void)data.getULEB128(cursor); // where the types are
  uint8_t encoding = data.getU8(cursor);
  uint64_t end = data.getULEB128(cursor);
  end += cursor.tell();
  while (cursor && cursor.tell() < end) {
    (void)encoded(encoding); // begin of the calls
    (void)encoded(encoding); // their length
    uint64_t pad = encoded(encoding);
    (void)data.getULEB128(cursor); // action
    if (cursor && pad && executable.isCode(base + pad)) pads.push_back(base + pad);
  }
  consumeError(cursor.takeError());
  return pads;
}

} // namespace hc
