// How a Python program is started: what the command line and the environment say. Filled in before the isolate starts;
// the `sys` module shows it. ref: PyConfig (PEP 587).
#pragma once

#include <string>
#include <vector>

namespace krait::modules {

struct PythonConfig {
  int optimize = 0, verbose = 0, bytes_warning = 0, inspect = 0, interactive = 0, debug = 0, quiet = 0;
  bool isolated = false, ignore_environment = false, no_user_site = false, no_site = false, dont_write_bytecode = false, unbuffered = false;
  bool safe_path = false, dev_mode = false, utf8_mode = false, warn_default_encoding = false, hash_randomization = true, uses_frozen = true;
  bool skips_first_line = false, faulthandler = false, debug_ranges = true, is_utf8_set = false, is_digits_limit_set = false;
  int64_t int_max_str_digits = 4300;
  int64_t traced_frames = -1;  // of memory traced from the start (tracemalloc); 0 and less: none
  int64_t cpu_count = 0;       // what os.cpu_count() answers; 0: what there is
  bool contracts = false;  // annotations are tested while the program runs
  std::string observations;  // where to write what values were seen (interp/observe.h); empty: nothing is watched
  int import_time = 0;  // whether imports are timed: 1 those that load, 2 those of loaded modules, too
  bool inherits_context = false, context_warnings = false;  // what threads start with; whether filters belong to a context
  int64_t seed = -1;  // of a run that repeats; negative: time and randomness are the system's
  std::vector<std::string> warn_options, x_options, argv, orig_argv, path;
  std::vector<std::string> site_folders;  // added behind the library as the site module adds its own
  std::string executable, base_executable, prefix, base_prefix, library, io_encoding, pycache_prefix;
  bool is_prefix_set = false, is_randomized = false, is_inheritance_set = false, are_context_warnings_set = false;  // by -X pycache_prefix, by -R whatever the environment says
};
extern PythonConfig python_config;

}  // namespace krait::modules
