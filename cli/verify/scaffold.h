// What `krait verify --scaffold` offers: a side file with small stand-ins for what the blocks of a folder's documents asked for and
// did not find: text files, lines of input, pages of the network.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cli/verify/document.h"

namespace krait::cli {

struct Scaffold {
  struct Input {
    std::string document;  // its name in the folder
    uint32_t line = 0;
    std::string text;
  };
  std::map<std::string, std::string> files;  // by path below a block's folder
  std::map<std::string, std::string> pages;  // by address
  std::vector<Input> inputs;

  size_t size() const { return files.size() + pages.size() + inputs.size(); }
};

// Adds what the blocks of a document that ran were missing. `name`: the document's in its folder.
void addNeeds(const VerifiedDocument& document, const std::string& name, Scaffold& scaffold);

// The text of a side file: the one that is there, with what it does not have yet.
std::string withScaffold(const std::string& existing, const Scaffold& scaffold);

}  // namespace krait::cli
