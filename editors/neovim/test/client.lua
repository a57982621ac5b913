-- A small client of debug adapters that stands for nvim-dap: what our plugin uses of it behaves as nvim-dap's does.
local uv = vim.uv or vim.loop

local M = { ABORT = {}, adapters = {}, configurations = {}, listeners = { before = {}, after = {} } }

for _, when in pairs(M.listeners) do
  setmetatable(when, {
    __index = function(all, name)
      local listeners = {}
      rawset(all, name, listeners)
      return listeners
    end,
  })
end

---Breakpoints by path: what a request setBreakpoints has.
---@type table<string, table[]>
M.breakpoints = {}

---Everything that any adapter has sent, in order.
---@type table[]
M.log = {}

local current

function M.session()
  return current
end

local Session = {}
Session.__index = Session

function Session:send(message)
  self.seq = self.seq + 1
  message.seq = self.seq
  local body = vim.json.encode(message)
  self.input:write(('Content-Length: %d\r\n\r\n%s'):format(#body, body))
  return self.seq
end

function Session:request(command, arguments, callback)
  local seq = self:send({ type = 'request', command = command, arguments = arguments })
  self.waiting[seq] = callback or function() end
end

local function call(listeners, ...)
  for key, listener in pairs(listeners) do
    if listener(...) then
      listeners[key] = nil
    end
  end
end

function Session:handle(message)
  table.insert(M.log, message)
  if message.type == 'response' then
    local callback = self.waiting[message.request_seq]
    self.waiting[message.request_seq] = nil
    local err = not message.success and { message = message.message, body = message.body } or nil
    return callback(err, message.body)
  elseif message.type == 'event' then
    local name = 'event_' .. message.event
    call(M.listeners.before[name], self, message.body or {})
    if self[name] then
      self[name](self, message.body or {})
    end
    call(M.listeners.after[name], self, message.body or {})
  end
end

function Session:event_initialized()
  for path, breakpoints in pairs(M.breakpoints) do
    self:request('setBreakpoints', { source = { path = path }, breakpoints = breakpoints })
  end
  local filters = {}
  for _, filter in ipairs(self.capabilities.exceptionBreakpointFilters or {}) do
    if filter.default then
      table.insert(filters, filter.filter)
    end
  end
  self:request('setExceptionBreakpoints', { filters = filters })
  self:request('configurationDone', vim.empty_dict())
end

function Session:event_capabilities(body)
  self.capabilities = vim.tbl_extend('force', self.capabilities, body.capabilities or {})
end

-- A second thread that stops is told to go on, as nvim-dap does unless it is told not to.
function Session:event_stopped(stopped)
  if self.stopped_thread_id and self.stopped_thread_id ~= stopped.threadId then
    return self:request('continue', { threadId = stopped.threadId })
  end
  self.stopped_thread_id = stopped.threadId
  self:request('stackTrace', { threadId = stopped.threadId, startFrame = 0 }, function(err, body)
    if err then
      return table.insert(M.log, { type = 'problem', message = err.message })
    end
    self.frames, self.current_frame = body.stackFrames, nil
    for _, frame in ipairs(body.stackFrames) do
      if frame.source then
        self.current_frame = frame
        break
      end
    end
    self.stopped, self.stops = stopped, self.stops + 1
  end)
end

function Session:event_terminated()
  self.over = true
end

function Session:event_exited(body)
  self.code = body.exitCode
end

---Reads messages out of what comes in pieces.
function Session:read(chunk)
  self.buffer = self.buffer .. chunk
  while true do
    local head_end, body_start = self.buffer:find('\r\n\r\n', 1, true)
    if not head_end then
      return
    end
    local length = tonumber(self.buffer:sub(1, head_end):match('Content%-Length: *(%d+)'))
    if #self.buffer < body_start + length then
      return
    end
    local body = self.buffer:sub(body_start + 1, body_start + length)
    self.buffer = self.buffer:sub(body_start + length + 1)
    self:handle(vim.json.decode(body, { luanil = { object = true } }))
  end
end

---Fills a configuration in: functions are called, coroutines waited for.
local function expand(value)
  if type(value) == 'function' then
    value = value()
  end
  if type(value) == 'thread' then
    local waiting = coroutine.running()
    local asked = value
    vim.schedule(function()
      coroutine.resume(asked, waiting)
    end)
    value = coroutine.yield()
  end
  if type(value) == 'table' and value ~= M.ABORT then
    return vim.tbl_map(expand, value)
  elseif type(value) == 'string' then
    local file = vim.api.nvim_buf_get_name(0)
    return (value:gsub('%${(%w+)}', { file = file, workspaceFolder = vim.fn.getcwd() }))
  end
  return value
end

local function start(config)
  local adapter = M.adapters[config.type]
  local input, output = uv.new_pipe(), uv.new_pipe()
  local session = setmetatable({
    config = config, seq = 0, waiting = {}, buffer = '', capabilities = {}, stops = 0, input = input,
  }, Session)
  session.process = uv.spawn(adapter.command, { args = adapter.args, stdio = { input, output, 2 } }, function()
    session.gone = true
  end)
  assert(session.process, 'the adapter does not start')
  output:read_start(vim.schedule_wrap(function(err, chunk)
    assert(not err, err)
    if chunk then
      session:read(chunk)
    end
  end))
  current = session
  local hello = { adapterID = config.type, clientID = 'neovim', supportsStartDebuggingRequest = true, supportsProgressReporting = true }
  session:request('initialize', hello, function(_, body)
    session.capabilities = vim.tbl_extend('force', session.capabilities, body)
    session:request(config.request, config, function(err)
      session.refused = err and err.message
    end)
  end)
end

---Starts a configuration; nothing happens if what it asks for is not given.
function M.run(config)
  M.started = config
  coroutine.wrap(function()
    local full = expand(config)
    for _, value in pairs(full) do
      if value == M.ABORT then
        M.aborted = true
        return
      end
    end
    start(full)
  end)()
end

---Ends a session and waits until its adapter is gone.
function M.stop(session)
  if not session.gone then
    session:request('disconnect', vim.empty_dict())
    session.input:shutdown()
  end
  return vim.wait(30000, function()
    return session.gone
  end, 10)
end

return M
