-- Drives Neovim's own client against `krait lsp`: diagnostics, hover, definition, completion, rename, formatting and an
-- edit. Takes KRAIT and ROOT from the environment; prints one line for each thing that went wrong and leaves with 1.
local root, krait = vim.env.ROOT, vim.env.KRAIT
local failures = {}
local function expect(what, fits) if not fits then table.insert(failures, what) end end
vim.o.swapfile = false
vim.cmd("edit " .. vim.fn.fnameescape(root .. "/main.py"))
local buffer, attached = vim.api.nvim_get_current_buf(), false
local id = vim.lsp.start_client({ name = "krait", cmd = { krait, "lsp" }, root_dir = root, on_attach = function() attached = true end })
vim.lsp.buf_attach_client(buffer, id)
expect("attached", vim.wait(15000, function() return attached end, 20))

local function has_diagnostic(part)
  for _, one in ipairs(vim.diagnostic.get(buffer)) do if one.message:find(part, 1, true) then return one end end
end
expect("diagnostics", vim.wait(15000, function() return has_diagnostic("Incompatible types") ~= nil end, 20))

local function ask(method, line, column, more)
  vim.api.nvim_win_set_cursor(0, { line, column })
  local params = vim.tbl_extend("force", vim.lsp.util.make_position_params(), more or {})
  local answers = vim.lsp.buf_request_sync(buffer, method, params, 15000)
  local answer = answers and answers[id]
  return answer and answer.result
end
local hover = ask("textDocument/hover", 5, 6)
expect("hover", hover and hover.contents.value:find("def twice(x: int) -> int", 1, true))
local places = ask("textDocument/definition", 5, 6)
expect("definition", places and #places == 1 and (places[1].range or places[1].targetSelectionRange).start.line == 0)
local items = ask("textDocument/completion", 5, 8)
items = items and (items.items or items) or {}
expect("completion", vim.tbl_contains(vim.tbl_map(function(item) return item.label end, items), "twice"))
local edit = ask("textDocument/rename", 5, 6, { newName = "double" })
if edit then vim.lsp.util.apply_workspace_edit(edit, "utf-16") end
expect("rename", vim.api.nvim_buf_get_lines(buffer, 0, 1, false)[1] == "def double(x: int) -> int:")
vim.api.nvim_buf_set_lines(buffer, -1, -1, false, { "nowhere" })
expect("diagnostics of an edit", vim.wait(15000, function() return has_diagnostic("nowhere") ~= nil end, 20))
local edits = vim.lsp.buf_request_sync(buffer, "textDocument/formatting", vim.lsp.util.make_formatting_params(), 15000)
expect("formatting", edits and edits[id] and edits[id].result and #edits[id].result > 0)
vim.lsp.stop_client(id)
expect("stopped", vim.wait(5000, function() return vim.lsp.client_is_stopped(id) end, 20))
for _, what in ipairs(failures) do io.stdout:write("neovim: " .. what .. " failed\n") end
vim.cmd(#failures == 0 and "qa!" or "cq")
