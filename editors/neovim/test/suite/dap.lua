-- The debugger's configuration, by a stand-in for nvim-dap that keeps what it is given; and the adapter that it names.
local t = require('harness')

t.open('fn greet(name) { name }\n\nfn main() { greet("you") }\n')
require('hark.dap').run({ file = vim.api.nvim_buf_get_name(0) })
t.contains(t.notified[1].text, 'nvim-dap')

-- Without a session there is nothing to move, and the user is told what to do.
for _, name in ipairs({ 'HarkStepBack', 'HarkReverseContinue!', 'HarkCause', 'HarkTimeline', 'HarkOutput', 'HarkFork' }) do
  vim.cmd(name)
  t.contains(t.notified[#t.notified].text, 'nothing is debugged: :HarkDebug starts')
end
vim.cmd.HarkSessions()
t.wait('the list', function()
  return t.text():find('no sessions have been kept', 1, true)
end)
vim.cmd.close()

local started
local own = { type = 'hark', request = 'launch', name = 'my own' }
package.loaded.dap = {
  adapters = {},
  configurations = { hark = { own } },
  run = function(configuration)
    started = configuration
  end,
}
local dap = require('dap')

require('hark.dap').setup()
t.equal({ type = 'executable', command = 'hark-ls', args = { 'dap' } }, dap.adapters.hark)
local first = dap.configurations.hark[1]
t.equal({ 'hark', 'launch', '${file}', '${workspaceFolder}' }, { first.type, first.request, first.program, first.cwd })
t.equal(nil, first.args, 'the first one asks nothing')
local names = vim.tbl_map(function(configuration)
  return ('%s: %s'):format(configuration.request, configuration.name)
end, dap.configurations.hark)
t.equal({
  'launch: Run main of this file',
  'launch: Run main of this file with arguments',
  'launch: Run a function of this file',
  'launch: Open a saved session',
  'launch: Fork a saved session',
  'attach: Follow a running session',
  'launch: my own',
}, names)
t.equal(own, dap.configurations.hark[#dap.configurations.hark])

vim.cmd.HarkDebug()
t.equal({ 'main', {} }, { started['function'], started.args })
t.equal(vim.env.PROJECT .. '/main.hk', started.program)

vim.ui.input = function(_, answer)
  answer('"you"')
end
vim.cmd('HarkDebug greet')
t.equal({ 'greet', { 'you' } }, { started['function'], started.args })

-- What a code lens says.
vim.lsp.commands['hark.debug']({ arguments = { { uri = vim.uri_from_bufnr(0), ['function'] = 'main' } } }, {})
t.equal('Debug main', started.name)

-- The adapter is there, and speaks the protocol.
local hello = vim.json.encode({ seq = 1, type = 'request', command = 'initialize', arguments = { adapterID = 'hark' } })
local message = ('Content-Length: %d\r\n\r\n%s'):format(#hello, hello)
local command = vim.list_extend({ dap.adapters.hark.command }, dap.adapters.hark.args)
local answer = vim.system(command, { stdin = message }):wait(30000)
t.contains(answer.stdout, '"command":"initialize"')
t.contains(answer.stdout, '"success":true')

vim.cmd.HarkHealth()
t.contains(t.text(), 'OK nvim-dap knows the adapter')
t.contains(t.text(), 'OK the adapter starts')
t.contains(t.text(), 'OK saved sessions can be read')
