// The memory of tree-sitter while one text is parsed: blocks cut from chunks, all given back at once. Between the
// construction of a ParseMemory and its end, what tree-sitter allocates on this thread comes from there, and nothing
// that it allocated before may be freed. Its trees must not outlive the object and need not be deleted.
#pragma once

namespace krait::syntax {

class ParseMemory {
 public:
  ParseMemory();
  ~ParseMemory();
  ParseMemory(const ParseMemory&) = delete;
  ParseMemory& operator=(const ParseMemory&) = delete;
};

// Makes this the allocator of tree-sitter, which has one for the process: to be called before tree-sitter allocates.
void useParseMemory();

}  // namespace krait::syntax
