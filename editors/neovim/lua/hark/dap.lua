-- The debugger, for nvim-dap: an adapter and ways to launch it. `require('hark.dap').setup()` once is all it takes.
local config = require('hark.config')
local entry = require('hark.entry')
local travel = require('hark.travel')

local M = {}

---Asks for the arguments of a program.
---@return any[]
local function ask()
  local input = vim.fn.input('Arguments, as JSON: ')
  return assert(entry.values(input), ('hark: %s is no list of JSON values'):format(input))
end

---Lets the user pick a saved session. nvim-dap waits for a coroutine that it finds in a configuration.
---@param statuses? string[] only sessions that are one of these
---@return fun(): thread
local function pick(statuses)
  return function()
    return coroutine.create(function(waiting)
      require('hark.sessions').pick(statuses, function(session)
        coroutine.resume(waiting, session and session.id or require('dap').ABORT)
      end)
    end)
  end
end

---Asks for the instant to go on from.
---@return { thread: string, at: integer }
local function ask_instant()
  local input = vim.fn.input('Go on from the instant THREAD:STEPS: ')
  return assert(travel.parse(input), ('hark: %s is no instant, such as 0.1:345'):format(input))
end

---@param fields table
---@return table
local function launch(fields)
  local common = { type = 'hark', request = 'launch', program = '${file}', cwd = '${workspaceFolder}' }
  return vim.tbl_extend('force', common, fields)
end

---A configuration for a saved session, which knows its program.
---@param fields table
---@return table
local function saved(fields)
  local common = { type = 'hark', request = 'launch', session = pick(), cwd = '${workspaceFolder}' }
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
    saved({ name = 'Open a saved session' }),
    saved({ name = 'Fork a saved session', fork = ask_instant }),
    saved({
      name = 'Follow a running session',
      request = 'attach',
      live = true,
      session = pick({ 'running', 'waiting', 'interrupted' }),
    }),
  }
end

---Adds the adapter and its configurations to nvim-dap. A user's own configurations stay.
function M.setup()
  local dap = require('dap')
  dap.adapters.hark = { type = 'executable', command = config.get().binary, args = { 'dap' } }
  dap.configurations.hark = vim.list_extend(M.configurations(), dap.configurations.hark or {})
  if dap.listeners then
    require('hark.output').listen(dap)
  end
end

---nvim-dap with the adapter; nil, and the user is told, if it is not installed.
---@return table?
function M.ready()
  local found, dap = pcall(require, 'dap')
  if not found then
    vim.notify('hark: debugging needs the plugin nvim-dap', vim.log.levels.ERROR)
    return nil
  end
  if not dap.adapters.hark then
    M.setup()
  end
  return dap
end

---Debugs a function at once; asks for the arguments that it needs and nobody has given.
---@param started hark.Entry
function M.run(started)
  local dap = M.ready()
  if not dap then
    return
  end
  entry.complete(started, function(chosen)
    local title = 'Debug ' .. chosen.name
    dap.run(launch({ name = title, program = chosen.file, ['function'] = chosen.name, args = chosen.args }))
  end)
end

---Opens a saved session.
---@param session string its ID
---@param cwd string a folder of its project
---@param fork? { thread: string, at: integer } where to go on for real
function M.open(session, cwd, fork)
  local dap = M.ready()
  if dap then
    local title = (fork and 'Fork ' or 'Session ') .. session
    dap.run(saved({ name = title, session = session, cwd = cwd, fork = fork }))
  end
end

return M
