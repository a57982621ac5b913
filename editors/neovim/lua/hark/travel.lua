-- Going through time in the debugger: what nvim-dap has no commands for, by requests to the adapter.
local M = {}

---@class hark.Instant
---@field thread string
---@field at integer

---@param text string
---@param level? integer
local function tell(text, level)
  vim.notify('hark: ' .. text, level or vim.log.levels.ERROR)
end

---@param text string THREAD:STEPS
---@return hark.Instant?
function M.parse(text)
  local thread, at = vim.trim(text):match('^(%d[%d.]*):(%d+)$')
  return thread and { thread = thread, at = tonumber(at) } or nil
end

---@param instant hark.Instant
---@return string
function M.format(instant)
  return ('%s:%d'):format(instant.thread, instant.at)
end

---The debugger's session that is about a Hark program: not the one of a Python function that it has gone into.
---@return table?
function M.session()
  local found, dap = pcall(require, 'dap')
  local session = found and dap.session() or nil
  while session and session.config.type ~= 'hark' do
    session = session.parent
  end
  if not session then
    tell('nothing is debugged: :HarkDebug starts, :HarkSessions opens a session that was saved')
  end
  return session
end

---Sends a request. Its failure is told to the user.
---@param session table
---@param command string
---@param arguments table
---@param done? fun(body: table)
---@param failed? fun()
function M.request(session, command, arguments, done, failed)
  session:request(command, arguments, function(err, body)
    if err then
      if failed then
        failed()
      end
      tell(err.message or tostring(err))
    elseif done then
      done(body or {})
    end
  end)
end

---The session, if it stands.
---@return table?
local function standing()
  local session = M.session()
  if session and not session.stopped_thread_id then
    tell('the program runs: :DapPause stops it')
    return nil
  end
  return session
end

---Sends a request that moves the program. It is forgotten that a thread stands, so that a stop in another one is not taken for
---one too many.
---@param session table
---@param command string
---@param arguments table
local function move(session, command, arguments)
  local thread = session.stopped_thread_id
  session.stopped_thread_id = nil
  M.request(session, command, arguments, nil, function()
    session.stopped_thread_id = session.stopped_thread_id or thread
  end)
end

---@class hark.Step
---@field granularity? 'line'|'instruction'
---@field alone? boolean only this thread moves

---@param command string
---@return fun(step?: hark.Step)
local function step(command)
  return function(how)
    local session = standing()
    if session then
      how = how or {}
      local arguments = { threadId = session.stopped_thread_id, granularity = how.granularity }
      arguments.singleThread = how.alone or nil
      move(session, command, arguments)
    end
  end
end

M.back = step('stepBack')
M.back_into = step('hark/stepBackIn')
M.back_out = step('hark/stepBackOut')
M.reverse_continue = step('reverseContinue')

---Calls a function with the instant at which the current thread stands.
---@param go_on fun(instant: hark.Instant, session: table)
function M.now(go_on)
  local session = standing()
  if session then
    M.request(session, 'hark/instant', { threadId = session.stopped_thread_id }, function(body)
      go_on(body.instant, session)
    end)
  end
end

---Shows the instant of now, and puts it into the register that yanks without a name use.
function M.show()
  M.now(function(instant)
    local text = M.format(instant)
    vim.fn.setreg(vim.v.register, text)
    tell(text, vim.log.levels.INFO)
  end)
end

---@param instant hark.Instant
function M.go(instant)
  local session = standing()
  if session then
    move(session, 'hark/gotoInstant', { instant = instant })
  end
end

---@param text string
function M.go_to(text)
  local instant = M.parse(text)
  if not instant then
    return tell(('%s is no instant, such as 0.1:345; :HarkInstant shows the one of now'):format(text))
  end
  M.go(instant)
end

---Goes to what let the current thread go on last: the end of what it awaited, or the `async` that started it.
function M.cause()
  local session = standing()
  if not session then
    return
  end
  local frame = session.current_frame
  local arguments = { threadId = session.stopped_thread_id, frameId = frame and frame.id or nil }
  M.request(session, 'hark/cause', arguments, function(body)
    if not body.instant or body.instant == vim.NIL then
      return tell('nothing in the session brought this about', vim.log.levels.INFO)
    end
    tell(('%s at %s'):format(body.kind, M.format(body.instant)), vim.log.levels.INFO)
    M.go(body.instant)
  end)
end

---Starts a fork: a new session that goes on for real from here.
function M.fork()
  M.now(function(instant, session)
    M.request(session, 'hark/timeline', { lanes = 1 }, function(body)
      require('hark.dap').open(body.session, session.config.cwd or vim.fn.getcwd(), instant)
    end)
  end)
end

return M
