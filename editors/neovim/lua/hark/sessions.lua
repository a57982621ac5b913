-- Sessions that were saved: a list of them, and what can be done with one.
local config = require('hark.config')
local list = require('hark.list')
local travel = require('hark.travel')

local M = {}

---@class hark.Session
---@field id string
---@field status string
---@field function string
---@field started string
---@field seconds? number
---@field error? { kind: string, message: string }

---The folder whose project's sessions are meant: that of the current file, if it has one.
---@return string
local function folder()
  local name = vim.api.nvim_buf_get_name(0)
  if vim.bo.buftype == '' and name ~= '' and vim.fn.isdirectory(vim.fs.dirname(name)) == 1 then
    return vim.fs.dirname(name)
  end
  return vim.fn.getcwd()
end

---Runs hark-ls. What goes wrong is told.
---@param args string[]
---@param done fun(out: string)
local function hark(args, done)
  local command = vim.list_extend({ config.get().binary }, args)
  local fine, problem = pcall(vim.system, command, { text = true }, function(result)
    vim.schedule(function()
      if result.code ~= 0 and result.stdout == '' then
        return vim.notify(vim.trim(result.stderr), vim.log.levels.ERROR)
      end
      done(result.stdout)
    end)
  end)
  if not fine then
    vim.notify('hark: ' .. problem, vim.log.levels.ERROR)
  end
end

---@param dir string
---@param done fun(sessions: hark.Session[])
function M.read(dir, done)
  hark({ 'sessions', '--json', '--limit', '200', '--project', dir }, function(out)
    local fine, page = pcall(vim.json.decode, out, { luanil = { object = true } })
    if not fine or not page.sessions then
      local problem = fine and page.error and page.error.message or out
      return vim.notify('hark: ' .. problem, vim.log.levels.ERROR)
    end
    done(page.sessions)
  end)
end

---@param session hark.Session
---@return string
function M.line(session)
  local took = session.seconds and ('%.3f s'):format(session.seconds) or '-'
  local problem = session.error and ('  %s: %s'):format(session.error.kind, session.error.message) or ''
  local started = session.started:gsub('T', ' '):gsub('%..*', '')
  return ('%s  %-11s  %s  %10s  %s%s'):format(session.id, session.status, started, took, session['function'], problem)
end

---Lets the user pick one.
---@param statuses? string[] only those that are one of these
---@param done fun(session: hark.Session?)
function M.pick(statuses, done)
  M.read(folder(), function(sessions)
    local fitting = vim.tbl_filter(function(session)
      return not statuses or vim.tbl_contains(statuses, session.status)
    end, sessions)
    if #fitting == 0 then
      vim.notify('hark: there is no such session: hark-ls run FILE keeps those that it runs', vim.log.levels.WARN)
      return done(nil)
    end
    vim.ui.select(fitting, { prompt = 'Session', format_item = M.line }, done)
  end)
end

---Shows what a command writes about a session.
---@param args string[]
local function page(args)
  hark(args, function(out)
    local rows = vim.tbl_map(function(text)
      return { text = text }
    end, vim.split(vim.trim(out), '\n'))
    list.show({ name = 'hark://' .. table.concat(args, ' '), rows = rows, keys = {} })
  end)
end

---Asks where to fork a session, and does.
---@param session hark.Session
---@param dir string
local function fork(session, dir)
  vim.ui.input({ prompt = 'Go on from the instant THREAD:STEPS: ' }, function(input)
    local instant = input and travel.parse(input)
    if instant then
      require('hark.dap').open(session.id, dir, instant)
    elseif input then
      vim.notify(('hark: %s is no instant, such as 0.1:345'):format(input), vim.log.levels.ERROR)
    end
  end)
end

---Shows the sessions of the project: Enter opens one in the debugger, f forks it, o shows its output, t what its threads did when, r
---runs it on from where it failed.
---@param dir? string a folder of the project, that of the current file if it is not given
function M.show(dir)
  dir = dir or folder()
  local function about(command)
    return function(session)
      page({ command, session.id, '--project', dir })
    end
  end
  local keys = { o = about('stdout'), t = about('trace'), r = about('retry') }
  keys['<CR>'] = function(session)
    require('hark.dap').open(session.id, dir)
  end
  keys.f = function(session)
    fork(session, dir)
  end
  M.read(dir, function(sessions)
    local rows = vim.tbl_map(function(session)
      return { text = M.line(session), of = session }
    end, sessions)
    if #rows == 0 then
      rows = { { text = 'no sessions have been kept: hark-ls run FILE keeps those that it runs' } }
    end
    list.show({
      name = 'hark://sessions',
      rows = rows,
      keys = keys,
      reload = function()
        M.show(dir)
      end,
    })
  end)
end

return M
