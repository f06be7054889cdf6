// `krait fmt`: files in Black's style.
#include <cstdio>
#include <string>

#include "analyzer/base/file_io.h"
#include "analyzer/base/task_pool.h"
#include "analyzer/format/format.h"
#include "cli/commands.h"

namespace krait::cli {

CommandSpec fmtSpec() { return {.name = "fmt", .summary = "Format files in the Black style", .operands = "PATHS...", .options = {}}; }

int runFmt(const Arguments& arguments) {
  int code = 0;
  runOnDeepStack([&] {
    for (const std::string& path : arguments) {
      Result<std::string> bytes = readFile(path);
      if (!bytes.ok()) continue;
      format::FormatOutcome outcome = format::formatText(bytes.value(), {});
      if (outcome.error) {
        std::fprintf(stderr, "%s:%d: %s\n", path.c_str(), outcome.error->line, outcome.error->message.c_str());
        code = 1;
      } else if (!outcome.failure.empty()) {
        std::fprintf(stderr, "%s: %s\n", path.c_str(), outcome.failure.c_str());
        code = 1;
      } else {
        std::fwrite(outcome.text.data(), 1, outcome.text.size(), stdout);
      }
    }
  });
  return code;
}

}  // namespace krait::cli
