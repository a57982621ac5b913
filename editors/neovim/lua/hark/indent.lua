-- Indentation as the formatter has it: one step within whatever bracket the line above leaves open. Brackets in comments and
-- strings do not count; a line that begins within a comment or string keeps what it has.
local M = {}

local opening = { ['('] = true, ['['] = true, ['{'] = true }
local closing = { [')'] = true, [']'] = true, ['}'] = true }

---The brackets of a line, as "+" for one that opens and "-" for one that closes, with their columns (from 1).
---@param line string
---@return { sign: string, column: integer }[]
local function brackets(line)
  local found, i = {}, 1
  while i <= #line do
    local c, two = line:sub(i, i), line:sub(i, i + 1)
    if two == '//' then
      break
    elseif two == '/*' then
      local _, last = line:find('*/', i + 2, true)
      i = last or #line
    elseif c == '"' or c == "'" then
      i = i + 1
      while i <= #line and line:sub(i, i) ~= c do
        i = i + (line:sub(i, i) == '\\' and 2 or 1)
      end
    elseif opening[c] or closing[c] then
      table.insert(found, { sign = opening[c] and '+' or '-', column = i })
    end
    i = i + 1
  end
  return found
end

---The line of the bracket that a closing one belongs to.
---@param lnum integer
---@param column integer
local function partner(lnum, column)
  local view = vim.fn.winsaveview()
  vim.fn.cursor(lnum, column)
  local line = vim.fn.searchpair('[[({]', '', '[])}]', 'bnW', M.inert)
  vim.fn.winrestview(view)
  return line > 0 and line or lnum
end

---Whether the cursor is in a comment or a string.
function M.inert()
  local group = vim.fn.synIDattr(vim.fn.synID(vim.fn.line('.'), vim.fn.col('.'), 1), 'name')
  return group:find('^harkComment') ~= nil or group:find('^harkString') ~= nil
end

---@param lnum integer
---@return integer columns -1 to keep the line as it is
function M.at(lnum)
  local before = vim.fn.prevnonblank(lnum - 1)
  local line = vim.fn.getline(lnum)
  if before == 0 then
    return 0
  end
  if vim.fn.synIDattr(vim.fn.synID(lnum, 1, 1), 'name') == 'harkCommentBlock' and not line:match('^%s*/%*') then
    return -1
  end
  local indent, open = vim.fn.indent(before), 0
  for i, bracket in ipairs(brackets(vim.fn.getline(before))) do
    local first = i == 1 and bracket.column == vim.fn.indent(before) + 1
    if bracket.sign == '+' then
      open = open + 1
    elseif open > 0 then
      open = open - 1
    elseif not first then -- it closes what another line has opened
      indent = vim.fn.indent(partner(before, bracket.column))
    end
  end
  if open > 0 then
    indent = indent + vim.fn.shiftwidth()
  end
  if closing[line:match('^%s*(.)') or ''] then
    indent = indent - vim.fn.shiftwidth()
  end
  return math.max(indent, 0)
end

return M
