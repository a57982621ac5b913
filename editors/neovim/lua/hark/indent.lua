-- Indentation as the formatter has it: the inside of brackets goes one step further in than the line that opens them, however many it opens.
-- Brackets in comments and strings do not count; a line that begins within one of those keeps what it has.
local M = {}

local inert_nodes = {
  string = true,
  string_content = true,
  escape_sequence = true,
  line_comment = true,
  block_comment = true,
  doc_comment = true,
}

---Whether a place lies in a comment or string: asked of whatever highlights the buffer.
---@param lnum integer
---@param column integer both count from 1
---@return boolean
local function inert(lnum, column)
  if vim.b.ts_highlight then
    local node = vim.treesitter.get_node({ pos = { lnum - 1, column - 1 } })
    return node ~= nil and inert_nodes[node:type()] == true
  end
  local group = vim.fn.synIDattr(vim.fn.synID(lnum, column, 1), 'name')
  return group:find('^harkComment') ~= nil or group:find('^harkString') ~= nil
end

local function skip()
  return inert(vim.fn.line('.'), vim.fn.col('.'))
end

---The line of the bracket around the cursor, 0 if there is none. Looking for it ends after a while, in text that is no program.
---@return integer
local function enclosing()
  return vim.fn.searchpair('[[({]', '', '[])}]', 'bW', skip, 0, 500)
end

---@param lnum integer
---@return integer columns -1 to keep the line as it is
function M.at(lnum)
  local first = vim.fn.getline(lnum):match('^%s*(%S?)')
  if inert(lnum, 1) and not first:match('["\'/]') then
    return -1
  end
  local view = vim.fn.winsaveview()
  vim.fn.cursor(lnum, 1)
  local line = enclosing()
  vim.fn.winrestview(view)
  if line <= 0 or line == lnum then
    return 0
  end
  return vim.fn.indent(line) + (first:match('[%])}]') and 0 or vim.fn.shiftwidth())
end

return M
