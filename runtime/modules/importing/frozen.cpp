#include "runtime/modules/importing/frozen.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>

#include "analyzer/base/file_io.h"
#include "runtime/modules/compile_hook.h"
#include "runtime/modules/importing/marshal.h"
#include "runtime/modules/python_config.h"
#include "runtime/object/error.h"
#include "runtime/object/str.h"

namespace krait::modules::importing {

// What the image holds, besides its names: file in the library folder.
struct FrozenSource {
  const char* name;
  const char* original;
  const char* file;
  bool is_package;
};
static constexpr FrozenSource kSources[] = {
    {"_frozen_importlib", "importlib._bootstrap", "importlib/_bootstrap.py", false},
    {"_frozen_importlib_external", "importlib._bootstrap_external", "importlib/_bootstrap_external.py", false},
    {"zipimport", "zipimport", "zipimport.py", false},
    {"abc", "abc", "abc.py", false},
    {"codecs", "codecs", "codecs.py", false},
    {"io", "io", "io.py", false},
    {"_collections_abc", "_collections_abc", "_collections_abc.py", false},
    {"_sitebuiltins", "_sitebuiltins", "_sitebuiltins.py", false},
    {"genericpath", "genericpath", "genericpath.py", false},
    {"posixpath", "posixpath", "posixpath.py", false},
    {"os", "os", "os.py", false},
    {"site", "site", "site.py", false},
    {"stat", "stat", "stat.py", false},
    {"encodings", "encodings", "encodings/__init__.py", true},
    {"encodings.aliases", "encodings.aliases", "encodings/aliases.py", false},
    {"encodings.utf_8", "encodings.utf_8", "encodings/utf_8.py", false},
    {"importlib._bootstrap", "importlib._bootstrap", "importlib/_bootstrap.py", false},
    {"importlib._bootstrap_external", "importlib._bootstrap_external", "importlib/_bootstrap_external.py", false},
    {"importlib.util", "importlib.util", "importlib/util.py", false},
    {"importlib.machinery", "importlib.machinery", "importlib/machinery.py", false},
    {"runpy", "runpy", "runpy.py", false},
};
static constexpr char kMagic[8] = {'K', 'R', 'A', 'I', 'T', 'F', 'Z', '1'};

static std::vector<FrozenModule> modules;

static void useSources() {
  modules.clear();
  for (const FrozenSource& s : kSources) modules.push_back({.name = s.name, .original = s.original, .code = {}, .is_package = s.is_package});
}
void openFrozenImage(const std::string& file) {
  useSources();
  int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  struct stat st;
  void* map = fstat(fd, &st) == 0 && st.st_size > 16 ? mmap(nullptr, static_cast<size_t>(st.st_size), PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
  close(fd);
  if (map == MAP_FAILED) return;
  std::string_view data(static_cast<const char*>(map), static_cast<size_t>(st.st_size));
  uint32_t header[2];
  std::memcpy(header, data.data() + 8, 8);
  if (data.substr(0, 8) != std::string_view(kMagic, 8) || header[0] != codeStamp() || header[1] != std::size(kSources)) return;
  size_t at = 16;
  for (FrozenModule& m : modules) {
    uint32_t size;
    if (at + 4 > data.size()) return useSources();
    std::memcpy(&size, data.data() + at, 4);
    at += 4;
    if (at + size > data.size()) return useSources();
    m.code = data.substr(at, size);
    at += size;
  }
}

const FrozenModule* findFrozen(std::string_view name) {
  bool is_essential = name == "_frozen_importlib" || name == "_frozen_importlib_external" || name == "zipimport";
  if (!python_config.uses_frozen && !is_essential) return nullptr;
  for (const FrozenModule& m : modules) {
    if (m.name == name) return &m;
  }
  return nullptr;
}
std::vector<std::string_view> frozenNames() {
  std::vector<std::string_view> out;
  for (const FrozenModule& m : modules) out.push_back(m.name);
  return out;
}

static Ref compileSource(Thread& t, const std::string& library, const FrozenSource& s) {
  Result<std::string> text = readFile(library + "/" + s.file);
  if (!text.ok()) return raise(t, errors(t).import_error, "%s", text.message().c_str());
  Ref source = newStr(t, text.value()), file = newStr(t, std::string("<frozen ") + s.original + ">");
  return compileSource_py(t, source.get(), file.get(), "exec", 0, true);
}
Ref frozenCode_py(Thread& t, const FrozenModule& module) {
  if (!module.code.empty()) return marshalRead_py(t, module.code, true, nullptr, true);
  return compileSource(t, python_config.library, kSources[&module - modules.data()]);
}

bool writeFrozenImage_py(Thread& t, const std::string& library, const std::string& file) {
  std::string out(kMagic, 8);
  uint32_t header[2] = {codeStamp(), static_cast<uint32_t>(std::size(kSources))};
  out.append(reinterpret_cast<const char*>(header), 8);
  for (const FrozenSource& s : kSources) {
    Ref code = compileSource(t, library, s);
    std::string bytes;
    if (!code || marshalWrite_py(t, code.get(), kMarshalVersion, true, bytes).failed) return false;
    uint32_t size = static_cast<uint32_t>(bytes.size());
    out.append(reinterpret_cast<const char*>(&size), 4);
    out += bytes;
  }
  return writeFileAtomically(file, out).ok();
}

}  // namespace krait::modules::importing
