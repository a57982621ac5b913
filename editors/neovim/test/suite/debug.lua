-- The debugger for real: the plugin's commands, a client that behaves as nvim-dap, and the adapter.
local t = require('harness')
local client = require('client')
package.loaded.dap = client
require('hark.dap').setup()

local source = table.concat({
  'fn add(a, b) {', --       1
  '  c = a + b;', --         2
  '  print(c);', --          3
  '  c', --                  4
  '}', --                    5
  '', --                     6
  'fn main(who) {', --       7
  '  print(who);', --        8
  '  x = add(1, 2);', --     9
  '  later = async add(x, 10);', -- 10
  '  y = await later;', --   11
  '  print("end");', --      12
  '  x + y', --              13
  '}', --                    14
  '',
}, '\n')
t.open(source)
local path = vim.fs.joinpath(vim.env.PROJECT, 'main.hk')

---Does something and waits for the stop that follows: a line of the program, as "LINE reason".
---@param want string
---@param act fun()
local function stops(want, act)
  local session = client.session()
  local before, told = session and session.stops or 0, #t.notified
  act()
  t.wait('a stop at ' .. want, function()
    local now = client.session()
    local said = t.notified[told + 1]
    assert(not (said and said.level == vim.log.levels.ERROR), said and said.text)
    assert(not (now and now.refused), now and now.refused)
    assert(not (now and now.over), 'it is over')
    return now and (now ~= session and now.stops > 0 or now == session and now.stops > before)
  end)
  local now = client.session()
  t.equal(want, ('%d %s'):format(now.current_frame.line, now.stopped.reason))
end

---Asks the adapter.
local function ask(command, arguments)
  local answer
  client.session():request(command, arguments, function(err, body)
    answer = { err = err, body = body }
  end)
  t.wait('an answer to ' .. command, function()
    return answer
  end)
  assert(not answer.err, answer.err and answer.err.message)
  return answer.body
end

---The value of an expression in the current frame.
local function value(expression)
  local session = client.session()
  return ask('evaluate', { expression = expression, frameId = session.current_frame.id, context = 'watch' }).result
end

---A command that nvim-dap has itself.
local function nvim_dap(command)
  return function()
    local session = client.session()
    local thread = session.stopped_thread_id
    session.stopped_thread_id = nil
    session:request(command, { threadId = thread })
  end
end

local function finish()
  local session = client.session()
  t.equal(true, client.stop(session), 'the adapter goes')
end

-- A breakpoint, run, step, step back, evaluate.
client.breakpoints[path] = { { line = 2 } }
stops('2 breakpoint', function()
  vim.cmd('HarkDebug main me')
end)
t.equal('3', value('a + b'))
stops('3 step', nvim_dap('next'))
t.equal('3', value('c'))
finish()
