// Where modules are looked for, and how the places are found without running Python: the active virtual environment
// (PEP 405), the system's site-packages, `.pth` files, MYPYPATH, typeshed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace krait::semantic {

struct SearchPaths {
  std::vector<std::string> source_roots;   // directories of the given files and the current one, in order
  std::vector<std::string> extra_paths;    // mypy_path and MYPYPATH: before the source roots
  std::vector<std::string> test_stubs;     // a minimal standard library that hides typeshed's: before everything
  std::vector<std::string> site_packages;  // installed packages, with what their .pth files add
  std::string typeshed;                    // the folder that holds stdlib/ and stubs/
};

struct EnvironmentOptions {
  std::string python_executable;  // of --python-executable; empty: look for an environment
  std::string project_root;       // where .venv and venv are looked for
  int minor_version = 14;         // of the target: chooses lib/python3.N when several are there
  bool uses_system = true;        // the system's own packages when there is no environment
};

// The site-packages directories of the environment: that of `python_executable`, else VIRTUAL_ENV, else
// CONDA_PREFIX, else project_root/.venv or venv, else the system's if they are wanted. `.pth` entries follow their directory.
std::vector<std::string> findSitePackages(const EnvironmentOptions& options);

// The directories of a path list variable (MYPYPATH), split at ':' (and ',' as mypy's setting allows).
std::vector<std::string> splitPathList(std::string_view value);

}  // namespace krait::semantic
