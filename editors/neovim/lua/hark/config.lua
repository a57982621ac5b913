-- What a user can set, by `require('hark').setup({ … })` or in `vim.g.hark`.
local M = {}

---@class hark.Options
---@field binary? string the program hark-ls, a path or a name to look for in $PATH
---@field args? string[] more arguments for `hark-ls lsp`, such as { '--log-level', 'debug' }
---@field autostart? boolean start the language server when a Hark file is opened
---@field inlay_hints? boolean show inlay hints from the beginning
---@field code_lens? boolean show code lenses, and keep them up to date
---@field capabilities? table client capabilities, such as those of a completion plugin
---@field settings? table the server's settings, with or without the section `hark` around them

---@type hark.Options
M.defaults = {
  binary = 'hark-ls',
  args = {},
  autostart = true,
  inlay_hints = true,
  code_lens = true,
  capabilities = {},
  settings = {},
}

---@type hark.Options
M.given = {}

---@return hark.Options
function M.get()
  local options = vim.tbl_deep_extend('force', M.defaults, vim.g.hark or {}, M.given)
  options.binary = vim.fs.normalize(options.binary) -- "~" is the home folder
  return options
end

---What is wrong with the options that were given, a sentence each.
---@return string[]
function M.problems()
  local problems = {}
  for key, value in vim.spairs(vim.tbl_extend('force', vim.g.hark or {}, M.given)) do
    local default = M.defaults[key]
    if default == nil then
      table.insert(problems, ("there is no option '%s'"):format(key))
    elseif type(value) ~= type(default) then
      table.insert(problems, ("the option '%s' has to be a %s, not a %s"):format(key, type(default), type(value)))
    end
  end
  return problems
end

---The settings as the server asks for them: in the section `hark`.
---@return table
function M.settings()
  local settings = M.get().settings
  local section = settings.hark or settings
  return { hark = vim.tbl_isempty(section) and vim.empty_dict() or section } -- an empty table would be sent as a list
end

---What only the server knows of a name, and what it looks like unless a colour scheme says so itself.
local looks = {
  ['@lsp.typemod.function.async.hark'] = { bold = true },
  ['@lsp.mod.future.hark'] = { link = 'Special' },
  ['@lsp.mod.captured.hark'] = { italic = true },
  ['@lsp.mod.python.hark'] = { link = 'PreProc' },
}

---Colour schemes begin by taking every highlight away, so this is called again after each.
function M.define_looks()
  for group, look in pairs(looks) do
    vim.api.nvim_set_hl(0, group, vim.tbl_extend('force', look, { default = true }))
  end
end

---Highlights a buffer by the tree-sitter parser if there is one; the syntax file does it otherwise.
---@param buffer integer
function M.highlight(buffer)
  pcall(vim.treesitter.start, buffer, 'hark')
end

return M
