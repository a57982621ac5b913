-- The debugger, for nvim-dap: an adapter and ways to launch it. `require('hark.dap').setup()` once is all it takes.
local config = require('hark.config')
local entry = require('hark.entry')

local M = {}

---Asks for the arguments of a program.
---@return any[]
local function ask()
  local input = vim.fn.input('Arguments, as JSON: ')
  return assert(entry.values(input), ('hark: %s is no list of JSON values'):format(input))
end

---@param fields table
---@return table
local function launch(fields)
  local common = { type = 'hark', request = 'launch', program = '${file}', cwd = '${workspaceFolder}' }
  return vim.tbl_extend('force', common, fields)
end

---What `:DapContinue` offers in a Hark file.
---@return table[]
function M.configurations()
  return {
    launch({ name = 'Run main of this file' }),
    launch({ name = 'Run main of this file with arguments', args = ask }),
    launch({
      name = 'Run a function of this file',
      ['function'] = function()
        return vim.fn.input('Function: ', 'main')
      end,
      args = ask,
    }),
  }
end

---Adds the adapter and its configurations to nvim-dap. A user's own configurations stay.
function M.setup()
  local dap = require('dap')
  dap.adapters.hark = { type = 'executable', command = config.get().binary, args = { 'dap' } }
  dap.configurations.hark = vim.list_extend(M.configurations(), dap.configurations.hark or {})
end

---Debugs a function at once; asks for the arguments that it needs and nobody has given.
---@param started hark.Entry
function M.run(started)
  local found, dap = pcall(require, 'dap')
  if not found then
    vim.notify('hark: debugging needs the plugin nvim-dap', vim.log.levels.ERROR)
    return
  end
  if not dap.adapters.hark then
    M.setup()
  end
  entry.complete(started, function(chosen)
    local title = 'Debug ' .. chosen.name
    dap.run(launch({ name = title, program = chosen.file, ['function'] = chosen.name, args = chosen.args }))
  end)
end

return M
