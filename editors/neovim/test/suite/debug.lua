-- The debugger for real: the plugin's commands, a client that behaves as nvim-dap, and the adapter. A program is stopped, stepped
-- through forwards and back, changed and forked; then a session that was saved is reversed to what printed a line.
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
-- Sessions that were saved. The first one is what is looked at later.
local saved = vim.system({ 'hark-ls', 'run', path, '--json', 'me' }, { text = true }):wait()
t.equal(0, saved.code, saved.stderr)
saved = vim.json.decode(saved.stdout).session

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

local function command(name)
  return function()
    vim.cmd(name)
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
stops('2 step', command('HarkStepBack'))
stops('9 step', command('HarkStepBackOut'))
stops('2 breakpoint', nvim_dap('continue'))
-- By instruction there and back, the same instant.
local function instant()
  return ask('hark/instant', { threadId = client.session().stopped_thread_id }).instant
end
local before = instant()
client.session():request('stepIn', { threadId = client.session().stopped_thread_id, granularity = 'instruction' })
client.session().stopped_thread_id = nil
local stopped = client.session().stops
t.wait('a stop', function()
  return client.session().stops > stopped
end)
stops('2 step', command('HarkStepBackInto instruction'))
t.equal(before, instant())

-- Forward again, where it goes on for real. Set a variable: what follows is computed with it.
stops('3 step', nvim_dap('next'))
t.equal('3', value('c'))
local scopes = ask('scopes', { frameId = client.session().current_frame.id }).scopes
t.equal('Locals', scopes[1].name)
ask('setVariable', { variablesReference = scopes[1].variablesReference, name = 'c', value = '40' })
stops('4 step', nvim_dap('next'))
t.equal('40', value('c'))
-- What was printed is a list of instants, and the cause of a thread is the async in the other one.
vim.cmd.HarkOutput()
t.equal('me\n40', t.text())
t.to('40')
stops('3 goto', function()
  t.keys('<CR>')
end)
t.equal('0', instant().thread)
stops('2 breakpoint', nvim_dap('continue'))
t.equal('0.0', instant().thread)
t.equal('40', value('a'))
stops('10 goto', command('HarkCause'))
t.equal('0', instant().thread)
finish()

-- A saved session: it opens at its end, and goes back to what printed a line.
client.breakpoints = {}
vim.cmd.edit(path)
vim.cmd.HarkSessions()
t.wait('the list', function()
  return t.text():find(saved, 1, true)
end)
t.contains(t.text(), 'done')
t.to(saved)
stops('13 step', function()
  t.keys('<CR>')
end)
t.equal('16', value('x + y'))
-- The timeline has the threads, and each line of it is an instant.
vim.cmd.HarkTimeline()
t.wait('the timeline', function()
  return vim.fn.bufname() == 'hark://timeline'
end)
t.contains(t.text(), '0.0 add  returned')
t.to('prints    13')
stops('3 goto', function()
  t.keys('<CR>')
end)
t.equal('0.0', instant().thread)
t.equal('13', value('c'))
vim.cmd.HarkInstant()
t.wait('the instant', function()
  return vim.fn.getreg('"') ~= ''
end)
local printed = vim.fn.getreg('"')
t.contains(printed, '0.0:')
-- Back to where the output line "me" was printed, and forwards again by its instant.
stops('8 goto', function()
  vim.cmd.HarkTimeline()
  t.wait('the timeline', function()
    return vim.fn.bufname() == 'hark://timeline'
  end)
  t.to('prints    me')
  t.keys('<CR>')
end)
stops('3 goto', command('HarkGotoInstant ' .. printed))
client.breakpoints = {}
stops('8 step', command('HarkReverseContinue'))
-- A replay is read only, and says what to do.
stops('3 goto', command('HarkGotoInstant ' .. printed))

-- A fork from here goes on for real.
local replay = client.session()
stops('3 goto', command('HarkFork'))
t.equal(false, client.session() == replay)
t.equal({ thread = '0.0', at = tonumber(printed:match('%d+$')) }, client.started.fork)
nvim_dap('continue')()
t.wait('the end', function()
  return client.session().over
end)
t.equal(0, client.session().code)
finish()
t.equal(true, client.stop(replay), 'the adapter goes')

-- The picker of a configuration; a user who picks nothing starts nothing.
vim.cmd.edit(path)
local offered
vim.ui.select = function(items, options, done)
  offered = vim.tbl_map(options.format_item, items)
  done(nil)
end
for _, configuration in ipairs(client.configurations.hark) do
  if configuration.name == 'Open a saved session' then
    client.run(configuration)
  end
end
t.wait('the picker', function()
  return client.aborted
end)
t.equal(3, #offered) -- the one that was run, the one that was debugged, the fork

-- What cannot be done is told.
client.stop(client.session())
vim.cmd('HarkGotoInstant nowhere')
t.contains(t.notified[#t.notified].text, 'nowhere is no instant')
