// What `krait verify` says of its documents: a line for each for people, JSON for programs, a page to read.
#pragma once

#include <string>
#include <vector>

#include "cli/verify/document.h"

namespace krait::cli {

std::string documentSummary(const SourceFile& file, const VerifiedDocument& document);

// {"documents": […], "blocks": […], "claims": […], "findings": […]}; lines are those of the document, 1-based.
std::string renderVerifyJson(const SourceFiles& files, const std::vector<VerifiedDocument>& documents);

// One HTML page without anything from outside: each document with the verdicts in its margin.
std::string renderVerifyPage(const SourceFiles& files, const std::vector<VerifiedDocument>& documents);

}  // namespace krait::cli
