-- Programs that run in a terminal below the text, and pages of explanation beside it.
local config = require('hark.config')
local entry = require('hark.entry')
local server = require('hark.server')

local M = {}

---The command line of a run.
---@param started hark.Entry
---@return string[]
function M.command(started)
  local command = { config.get().binary, 'run', started.file, '--function', started.name or 'main' }
  if started.args and #started.args > 0 then
    vim.list_extend(command, { '--json-args', vim.json.encode(started.args) })
  end
  return command
end

---The terminal of the last run, which the next one replaces.
---@type integer?
M.terminal = nil

---@param started hark.Entry
local function terminal(started)
  local from, old = vim.api.nvim_get_current_win(), M.terminal
  vim.cmd('botright 12new')
  M.terminal = vim.api.nvim_get_current_buf()
  vim.bo.bufhidden = 'wipe'
  vim.fn.termopen(M.command(started))
  vim.cmd.normal({ 'G', bang = true }) -- so that the end stays in view
  vim.api.nvim_set_current_win(from)
  if old and vim.api.nvim_buf_is_valid(old) then
    vim.api.nvim_buf_delete(old, { force = true })
  end
end

---Runs a function in a terminal; asks for the arguments that it needs and nobody has given.
---@param started hark.Entry
function M.start(started)
  if server.found() then
    entry.complete(started, terminal)
  end
end

---Shows what hark-ls says about a code, by default that of the diagnostic in the current line.
---@param code? string
function M.explain(code)
  if not server.found() then
    return
  end
  local here = vim.diagnostic.get(0, { lnum = vim.api.nvim_win_get_cursor(0)[1] - 1 })
  code = code or here[1] and here[1].code
  if not code then
    vim.notify('hark: there is no diagnostic in this line', vim.log.levels.WARN)
    return
  end
  local result = vim.system({ config.get().binary, 'explain', code }, { text = true }):wait()
  local text = result.code == 0 and result.stdout or result.stderr
  vim.lsp.util.open_floating_preview(
    vim.split(vim.trim(text), '\n'),
    'markdown',
    { border = 'rounded', focus_id = 'hark_explain' }
  )
end

return M
