// SPDX-License-Identifier: GPL-3.0-or-later
// hc-codegen plan: linker scripts for both ISAs with one address plan.
//
// Sections with the same contents on both ISAs come first and need no care. Text differs in size: functions whose address
// the program can see get a slot each, as long as the longer version; the rest follows, and the segment ends where the
// longer one ends. The same goes for constants that the code generators made.
//
// Memory of a lifted program stays where the program has it: hc-lift names the sections after their addresses. The image
// then begins behind it.
#include "Commands.h"
#include "hc/abi.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <set>

using namespace llvm;
using namespace llvm::object;

namespace hc {
namespace {

constexpr uint64_t PageSize = 4096;
constexpr uint64_t HeaderAddress = HC_CONTROL_ADDRESS - PageSize; // ELF header, program headers, build-id

struct Section {
  std::string name;
  uint64_t size, alignment;
  bool allocated, writable, executable;
};

struct Inputs {
  std::vector<Section> sections; // of all objects, in the order of the link
};

bool fail(const Twine &what) {
  errs() << "hc-codegen plan: " << what << "\n";
  return false;
}

bool readObjects(const std::vector<std::string> &paths, Inputs &inputs) {
  for (const std::string &path : paths) {
    auto binary = ObjectFile::createObjectFile(path);
    if (!binary) return fail(path + ": " + toString(binary.takeError()));
    auto *elf = dyn_cast<ELFObjectFileBase>(binary->getBinary());
    if (!elf) return fail(path + ": not an ELF object");
    bool program = &path == &paths.front();
    for (const SectionRef &reference : elf->sections()) {
      ELFSectionRef section(reference);
      auto name = section.getName();
      if (!name) return fail(path + ": " + toString(name.takeError()));
      uint64_t flags = section.getFlags();
      Section read{name->str(), section.getSize(), section.getAlignment().value(), bool(flags & ELF::SHF_ALLOC),
                   bool(flags & ELF::SHF_WRITE), bool(flags & ELF::SHF_EXECINSTR)};
      if (!read.allocated) continue;
      if (!program && read.writable && read.size)
        return fail(path + ": section " + read.name + " holds writable data; an object of one ISA may not");
      inputs.sections.push_back(read);
    }
  }
  return true;
}

// The size of sections laid out one after the other.
template <class Filter> uint64_t laidOut(const Inputs &inputs, Filter filter) {
  uint64_t end = 0;
  for (const Section &section : inputs.sections)
    if (filter(section)) end = alignTo(end, section.alignment) + section.size;
  return end;
}

bool isPrivateConstant(const Section &section) {
  StringRef name = section.name;
  return section.allocated && !section.writable && !section.executable &&
         (name.starts_with(".rodata") || name.starts_with(".data.rel.ro") || name == section::Sites);
}

// The program's own sections (attribute section): after the data, with __start_/__stop_ symbols by the linker.
bool isUserData(const Section &section) {
  StringRef name = section.name;
  if (name.starts_with(section::Guest)) return false;
  return section.allocated && !section.executable && !isPrivateConstant(section) && !name.starts_with(".hc.") &&
         !name.starts_with(".bss") && !name.starts_with(".data") && !name.starts_with(".note") &&
         !name.starts_with(".eh_frame");
}

// One segment of the executable that a program was lifted from: contents, and what follows them in zeros.
struct GuestSegment {
  bool writable = false;
  std::vector<std::pair<uint64_t, std::string>> sections; // by address
};

struct Layout {
  std::map<uint64_t, GuestSegment> guest; // by the page it begins in
  uint64_t image = HC_IMAGE_ADDRESS;
  std::vector<std::pair<std::string, uint64_t>> fixedText; // section, offset in the text segment
  uint64_t textRest = 0, textEnd = 0, constantsEnd = 0;
  std::vector<std::string> userSections;
};

// Runtime functions have a section each, .text.<name>; those in both ISAs' objects get one address.
bool isFixedText(const Section &section, const std::set<std::string> &common) {
  return StringRef(section.name).starts_with(section::FixedText) || common.count(section.name);
}

// The small code model reaches 2 GiB; this is half of it, for the image to follow.
constexpr uint64_t LastImageAddress = 0x40000000;
constexpr uint64_t ImageAlignment = 0x200000;

bool placeGuest(const Inputs &inputs, Layout &layout) {
  for (const Section &section : inputs.sections) {
    StringRef name = section.name;
    bool zeros = name.consume_front(section::GuestBss);
    uint64_t address = 0, end;
    if ((!zeros && !name.consume_front(section::Guest)) || !section.size) continue;
    if (name.getAsInteger(16, address) || address % section.alignment)
      return fail("section " + section.name + " names no address that fits its alignment");
    end = address + section.size;
    if (address < HC_CONTROL_ADDRESS + PageSize || end > HC_BRK_ARENA)
      return fail("section " + section.name + " lies where the runtime has its own memory");
    auto after = layout.guest.upper_bound(address);
    if (zeros && after != layout.guest.begin()) std::prev(after)->second.sections.push_back({address, section.name});
    else {
      GuestSegment &segment = layout.guest[alignDown(address, PageSize)];
      segment.writable = section.writable;
      segment.sections.push_back({address, section.name});
    }
    if (address < LastImageAddress) layout.image = std::max(layout.image, alignTo(end, ImageAlignment));
  }
  if (layout.image <= LastImageAddress) return true;
  return fail("the program's memory reaches to 0x" + utohexstr(layout.image) + "; the code made from it must lie below 2 GiB");
}

Layout makeLayout(const std::map<Isa, Inputs> &inputs) {
  Layout layout;
  std::set<std::string> common;
  for (const Section &section : inputs.begin()->second.sections)
    if (StringRef(section.name).starts_with(".text.hc_")) common.insert(section.name);
  std::map<std::string, uint64_t> sizes;
  std::vector<std::string> order;
  for (auto &[isa, list] : inputs) {
    std::set<std::string> here;
    for (const Section &section : list.sections)
      if (section.executable && isFixedText(section, common)) {
        here.insert(section.name);
        if (!sizes.count(section.name)) order.push_back(section.name);
        uint64_t &size = sizes[section.name];
        size = std::max(size, section.size);
      }
  }
  uint64_t offset = 0;
  for (const std::string &name : order) {
    layout.fixedText.push_back({name, offset});
    offset = alignTo(offset + sizes[name], 16);
  }
  layout.textRest = alignTo(offset, 64);
  for (auto &[isa, list] : inputs) {
    uint64_t text = laidOut(list, [&](const Section &s) { return s.executable && !sizes.count(s.name); });
    layout.textEnd = std::max(layout.textEnd, layout.textRest + text);
    layout.constantsEnd = std::max(layout.constantsEnd, laidOut(list, isPrivateConstant));
    for (const Section &section : list.sections)
      if (isUserData(section) && section.size && !llvm::is_contained(layout.userSections, section.name))
        layout.userSections.push_back(section.name);
  }
  // Room for the linker's own alignment of merged sections, and for the few table entries of weak undefined symbols.
  layout.textEnd = alignTo(layout.textEnd + 256, PageSize);
  layout.constantsEnd = alignTo(layout.constantsEnd + PageSize, PageSize);
  return layout;
}

bool writeScript(const Layout &layout, const std::string &path) {
  std::error_code failure;
  raw_fd_ostream out(path, failure, sys::fs::OF_None);
  if (failure) return fail("can't write " + path + ": " + failure.message());
  auto hex = [](uint64_t value) { return "0x" + utohexstr(value, true); };
  out << "/* Written by hc-codegen plan. */\n"
         "ENTRY(_start)\n"
         "PHDRS {\n"
         "  headers PT_LOAD FILEHDR PHDRS FLAGS(4);\n"
         "  note PT_NOTE FLAGS(4);\n"
         "  control PT_LOAD FLAGS(6);\n";
  for (auto &[page, segment] : layout.guest) out << "  guest" << hex(page) << " PT_LOAD FLAGS(" << (segment.writable ? 6 : 4) << ");\n";
  out << "  shared PT_LOAD FLAGS(4);\n"
         "  text PT_LOAD FLAGS(5);\n"
         "  private PT_LOAD FLAGS(4);\n"
         "  data PT_LOAD FLAGS(6);\n"
         "  stack PT_GNU_STACK FLAGS(6);\n"
         "}\n"
         "SECTIONS {\n";
  out << "  . = " << hex(HeaderAddress) << " + SIZEOF_HEADERS;\n"
      << "  .note.gnu.build-id : { *(.note.gnu.build-id) } :headers :note\n"
      << "  . = " << hex(HC_CONTROL_ADDRESS) << ";\n"
      << "  .hc.control : { *(.hc.control) . = " << hex(HC_CONTROL_ADDRESS + PageSize) << "; } :control\n";
  for (auto &[page, segment] : layout.guest)
    for (auto &[address, name] : segment.sections)
      out << "  " << name << " " << hex(address) << " : { *(" << name << ") } :guest" << hex(page) << "\n";
  out << "  . = " << hex(layout.image) << ";\n"
      << "  .hc.rodata : {\n"
      << "    QUAD(0)\n"
      << "    *(.hc.rodata)\n"
      << "    . = ALIGN(8);\n"
      << "    __init_array_start = .; *(.hc.init_array) __init_array_end = .;\n"
      << "    __fini_array_start = .; *(.hc.fini_array) __fini_array_end = .;\n"
      << "  } :shared\n"
      << "  . = ALIGN(" << hex(PageSize) << ");\n"
      << "  __hc_text = .;\n"
      << "  .text : {\n";
  for (auto &[name, offset] : layout.fixedText) out << "    . = __hc_text + " << hex(offset) << "; *(" << name << ")\n";
  out << "    . = __hc_text + " << hex(layout.textRest) << "; *(.text .text.*)\n"
      << "    . = __hc_text + " << hex(layout.textEnd) << ";\n"
      << "  } :text\n"
      << "  . = ALIGN(" << hex(PageSize) << ");\n"
      << "  __hc_private = .;\n"
      << "  .hc.private : {\n"
      << "    __hc_sites_start = .; *(.hc.sites) __hc_sites_end = .;\n"
      << "    *(.rodata .rodata.* .data.rel.ro .data.rel.ro.*)\n"
      << "    *(.got .got.plt)\n"
      << "    . = __hc_private + " << hex(layout.constantsEnd) << ";\n"
      << "  } :private\n"
      << "  . = ALIGN(" << hex(PageSize) << ");\n"
      << "  .hc.data : { QUAD(0) *(.hc.data) } :data\n";
  for (const std::string &name : layout.userSections) out << "  " << name << " : { *(" << name << ") } :data\n";
  out << "  .hc.bss : { *(.bss.hc) *(.bss .bss.*) } :data\n"
      << "  __hc_image_end = .;\n"
      << "  /DISCARD/ : { *(.eh_frame .eh_frame.* .note.GNU-stack .note.gnu.property .comment .llvm_addrsig .ARM.*) }\n"
      << "}\n";
  out.close();
  if (out.has_error()) {
    out.clear_error();
    return fail("can't write " + path);
  }
  return true;
}

} // namespace

int plan(const ObjectLists &objects, const std::string &out) {
  if (objects.empty()) {
    fail("name the objects of at least one ISA with --x86-64 or --aarch64");
    return 2;
  }
  std::map<Isa, Inputs> inputs;
  for (auto &[isa, paths] : objects)
    if (!readObjects(paths, inputs[isa])) return 1;
  Layout layout = makeLayout(inputs);
  if (!placeGuest(inputs.begin()->second, layout)) return 1;
  for (auto &[isa, paths] : objects)
    if (!writeScript(layout, out + "/" + isaName(isa).str() + ".ld")) return 1;
  return 0;
}

} // namespace hc
