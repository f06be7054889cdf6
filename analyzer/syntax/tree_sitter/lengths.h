// tree-sitter adds up the sizes of subtrees for every token and every reduction. Its inline functions take and give
// these sizes by value; compiled for a calling convention that packs two numbers in a register they are written to
// memory as numbers of four bytes and read back as one of eight, and the processor waits for the writes each time: a
// tenth of a parse. As macros, the same sums stay in registers. Only for parser_library.c.
#pragma once

#include <length.h>
#include <subtree.h>

// clang-format off
#define length_add(left, right)                                                                     \
  ({                                                                                                \
    const Length left_ = (left);                                                                    \
    const Length right_ = (right);                                                                  \
    Length sum_;                                                                                    \
    sum_.bytes = left_.bytes + right_.bytes;                                                        \
    sum_.extent.row = left_.extent.row + right_.extent.row;                                         \
    sum_.extent.column = right_.extent.column + (right_.extent.row > 0 ? 0 : left_.extent.column);  \
    sum_;                                                                                           \
  })

#define length_sub(left, right)                                                                     \
  ({                                                                                                \
    const Length left_ = (left);                                                                    \
    const Length right_ = (right);                                                                  \
    const bool is_further_down_ = left_.extent.row > right_.extent.row;                             \
    const uint32_t columns_ =                                                                       \
        left_.extent.column >= right_.extent.column ? left_.extent.column - right_.extent.column : 0; \
    Length rest_;                                                                                   \
    rest_.bytes = left_.bytes >= right_.bytes ? left_.bytes - right_.bytes : 0;                     \
    rest_.extent.row = is_further_down_ ? left_.extent.row - right_.extent.row : 0;                 \
    rest_.extent.column = is_further_down_ ? left_.extent.column : columns_;                        \
    rest_;                                                                                          \
  })

#define ts_subtree_padding(subtree)                                                                 \
  ({                                                                                                \
    const Subtree padded_ = (subtree);                                                              \
    Length padding_;                                                                                \
    if (padded_.data.is_inline) {                                                                   \
      padding_.bytes = padded_.data.padding_bytes;                                                  \
      padding_.extent.row = padded_.data.padding_rows;                                              \
      padding_.extent.column = padded_.data.padding_columns;                                        \
    } else {                                                                                        \
      padding_.bytes = padded_.ptr->padding.bytes;                                                  \
      padding_.extent.row = padded_.ptr->padding.extent.row;                                        \
      padding_.extent.column = padded_.ptr->padding.extent.column;                                  \
    }                                                                                               \
    padding_;                                                                                       \
  })

#define ts_subtree_size(subtree)                                                                    \
  ({                                                                                                \
    const Subtree sized_ = (subtree);                                                               \
    Length size_;                                                                                   \
    if (sized_.data.is_inline) {                                                                    \
      size_.bytes = sized_.data.size_bytes;                                                         \
      size_.extent.row = 0;                                                                         \
      size_.extent.column = sized_.data.size_bytes;                                                 \
    } else {                                                                                        \
      size_.bytes = sized_.ptr->size.bytes;                                                         \
      size_.extent.row = sized_.ptr->size.extent.row;                                               \
      size_.extent.column = sized_.ptr->size.extent.column;                                         \
    }                                                                                               \
    size_;                                                                                          \
  })

#define ts_subtree_total_size(subtree)                                                              \
  ({                                                                                                \
    const Subtree total_ = (subtree);                                                               \
    length_add(ts_subtree_padding(total_), ts_subtree_size(total_));                                \
  })
// clang-format on
