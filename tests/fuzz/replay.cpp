// Runs a fuzz target without libFuzzer: first every file of the corpus folders, then seeded mutations of them.
//   replay_STAGE [--mutations N] [--seed N] PATH...
// A failing input is left in ./failing_input by the next line of output that names it.
#include <dirent.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "analyzer/base/file_io.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

struct Random {
  uint64_t state;
  uint32_t below(size_t bound) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return bound == 0 ? 0 : static_cast<uint32_t>((state >> 11) % bound);
  }
};

// Words that change the meaning of a Python text.
constexpr const char* kWords[] = {"(", ")", "[", "]", "{", "}", ":", ",", "=", ":=", "->", ".", "*", "**", "@", "\n", "\n    ",
                                  "if ", " else ", " for x in ", "def f(", "class A:", "return ", "lambda: ", "await ", "async ",
                                  "match x:\n case ", "\"", "'", "\"\"\"", "f\"{", "}", "\\", "#", "\t", "\r\n", "0x", "1_", "\x0c",
                                  "\xc3\xa9", "\xff", "import a.b as c\n", "type X[T] = ", "yield ", "except* E:\n", "del ", "not "};

}  // namespace

static void collect(const std::string& path, std::vector<std::string>* inputs) {
  if (!krait::isDirectory(path)) {
    krait::Result<std::string> bytes = krait::readFile(path);
    if (bytes.ok()) inputs->push_back(std::move(bytes.value()));
    return;
  }
  std::vector<std::string> names;
  DIR* folder = opendir(path.c_str());
  if (folder == nullptr) return;
  while (dirent* entry = readdir(folder)) {
    if (entry->d_name[0] != '.') names.push_back(path + "/" + entry->d_name);
  }
  closedir(folder);
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) collect(name, inputs);
}

static std::string mutate(const std::vector<std::string>& inputs, Random& random) {
  std::string text = inputs[random.below(inputs.size())];
  uint32_t rounds = 1 + random.below(4);
  for (uint32_t i = 0; i < rounds; ++i) {
    uint32_t at = random.below(text.size() + 1);
    uint32_t length = std::min<uint32_t>(random.below(12), static_cast<uint32_t>(text.size()) - at);
    switch (random.below(4)) {
      case 0: text.erase(at, length); break;
      case 1: text.insert(at, kWords[random.below(std::size(kWords))]); break;
      case 2: text.replace(at, length, kWords[random.below(std::size(kWords))]); break;
      default: {
        const std::string& other = inputs[random.below(inputs.size())];
        uint32_t from = random.below(other.size() + 1);
        text.insert(at, other.substr(from, random.below(80)));
      }
    }
  }
  return text;
}

static void run(const std::string& input) {
  // The input is on disk while the target runs, so that a crash leaves it behind.
  if (FILE* file = std::fopen("failing_input", "wb")) {
    std::fwrite(input.data(), 1, input.size(), file);
    std::fclose(file);
  }
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(input.data()), input.size());
}

int main(int argc, char** argv) {
  uint32_t mutations = 0;
  Random random{0x9e3779b97f4a7c15ull};
  std::vector<std::string> inputs;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--mutations") == 0 && i + 1 < argc) mutations = static_cast<uint32_t>(std::atoi(argv[++i]));
    else if (std::strcmp(argv[i], "--seed") == 0 && i + 1 < argc) random.state ^= static_cast<uint64_t>(std::atoll(argv[++i])) << 7;
    else collect(argv[i], &inputs);
  }
  if (inputs.empty()) {
    std::fprintf(stderr, "no inputs; usage: replay [--mutations N] [--seed N] PATH...\n");
    return 2;
  }
  for (const std::string& input : inputs) run(input);
  for (uint32_t i = 0; i < mutations; ++i) run(mutate(inputs, random));
  std::remove("failing_input");
  std::printf("%zu inputs and %u mutations\n", inputs.size(), mutations);
  return 0;
}
