-- Which function is started, and with what: asked for where nobody has said it.
local M = {}

---@class hark.Entry
---@field file string
---@field name? string the function, main if there is none
---@field args? any[] its arguments as JSON values

---The functions of a text with what stands between their parentheses.
---@param text string
---@return table<string, string> parameters by name
function M.functions(text)
  local found = {}
  for name, parameters in ('\n' .. text):gmatch('\n%s*fn%s+([%w_.?]+)%s*%(([^)]*)%)') do
    found[name] = vim.trim(parameters)
  end
  return found
end

---The text of a file as the editor has it.
---@param file string
---@return string
local function text_of(file)
  local buffer = vim.fn.bufadd(file)
  vim.fn.bufload(buffer)
  return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n')
end

---Reads values with commas between them.
---@param input string
---@return any[]?
function M.values(input)
  local fine, values = pcall(vim.json.decode, '[' .. input .. ']')
  return fine and values or nil
end

---Saves what a run would read: Hark and Python files that have been changed.
function M.save()
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    local options = vim.bo[buffer]
    local source = options.filetype == 'hark' or options.filetype == 'python'
    if options.modified and source and vim.api.nvim_buf_get_name(buffer) ~= '' then
      vim.api.nvim_buf_call(buffer, function()
        vim.cmd('silent write')
      end)
    end
  end
end

---Saves, completes an entry, with a question if its function has parameters and there are no arguments, and goes on with it.
---@param entry hark.Entry
---@param go_on fun(entry: hark.Entry)
function M.complete(entry, go_on)
  if entry.file == '' then
    return vim.notify('hark: save this file first, so that it has a name', vim.log.levels.ERROR)
  end
  M.save()
  local name = entry.name or 'main'
  local parameters = M.functions(text_of(entry.file))[name] or ''
  if entry.args or parameters == '' then
    return go_on({ file = entry.file, name = name, args = entry.args or {} })
  end
  vim.ui.input({ prompt = ('%s(%s), as JSON: '):format(name, parameters) }, function(input)
    if not input then
      return
    end
    local values = M.values(input)
    if not values then
      return vim.notify(('hark: %s is no list of JSON values'):format(input), vim.log.levels.ERROR)
    end
    go_on({ file = entry.file, name = name, args = values })
  end)
end

return M
